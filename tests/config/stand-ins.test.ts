import { expect, test } from "vitest";
import { withStandIns } from "../../components/config/environment/stand-ins";
import { readEnvironment } from "../../components/config/read-environment";
import { formatProblem } from "../../components/model/problem";
import { sourceOf } from "../planned";

const rows = {
  redis: { context: "small/redis" },
  "team/*": { context: "small/any", args: { LISTEN: "80" } },
  "team/special": { context: "small/special", dockerfile: "Other", target: "last" },
};

const inServices = (images: { readonly [service: string]: string }) => {
  const services = Object.fromEntries(
    Object.entries(images).map(([service, image]) => [service, { image, replicas: 2 }]),
  );
  return withStandIns({ folder: "/shop", services }, { rows, folder: "/yard" });
};

test("a named image is built from the folder beside the environment file, with its tag", () => {
  const { images, services } = inServices({ db: "redis:7", web: "team/web:v1", other: "nginx:1" });
  expect(images).toEqual({
    redis: { context: "/yard/small/redis", args: { TAG: "7" } },
    "team.all": { context: "/yard/small/any", args: { LISTEN: "80", TAG: "v1" } },
  });
  expect(services).toEqual({
    db: { image: { build: "redis" }, replicas: 2 },
    web: { image: { build: "team.all" }, replicas: 2 },
    other: { image: "nginx:1", replicas: 2 },
  });
});

test("the most precise row counts, and an image without a tag has latest", () => {
  const { images } = inServices({ special: "team/special" });
  expect(images).toEqual({
    "team.special": {
      context: "/yard/small/special",
      dockerfile: "Other",
      target: "last",
      args: { TAG: "latest" },
    },
  });
});

test("services with the same tag share an image, others have their own", () => {
  const { images, services } = inServices({
    a: "team/a:v1",
    b: "team/b:v1",
    c: "redis:6",
    d: "redis:7",
  });
  expect(Object.keys(images ?? {})).toEqual(["team.all", "redis_6", "redis_7"]);
  expect(services.b?.image).toEqual({ build: "team.all" });
  expect(services.d?.image).toEqual({ build: "redis_7" });
});

const settings = {
  hosts: { groups: { m: { role: "manager" } } },
  swarm: { discovery: "dnsrr", publish: "host" },
  standIns: { redis: { context: "small/redis" } },
  platforms: { shop: {} },
};
const shop = () => sourceOf({ folder: "/shop", services: { db: { image: "redis:7" } } });

test("real images are the default", () => {
  const { environment } = readEnvironment("test", settings, shop, { exists: () => true });
  expect(environment?.platforms[0]?.plan.services.db?.image).toEqual({
    kind: "reference",
    reference: "redis:7",
  });
});

test("stand-ins are built when they are wanted", () => {
  const world = { exists: () => true, standIns: true, folder: "/yard" };
  const { environment, problems } = readEnvironment("test", settings, shop, world);
  expect(problems).toEqual([]);
  expect(environment?.platforms[0]?.plan.services.db?.image).toEqual({
    kind: "built",
    build: "redis",
  });
});

test("a folder that is missing is named with the line's key, wanted or not", () => {
  for (const standIns of [true, false]) {
    const world = { exists: () => false, standIns, folder: "/yard" };
    const { problems } = readEnvironment("test", settings, shop, world);
    expect(problems.map(formatProblem)).toEqual([
      expect.stringMatching(/standIns.redis.context[\s\S]*\/yard\/small\/redis/),
    ]);
  }
});
