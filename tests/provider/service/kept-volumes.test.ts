import { expect, test } from "vitest";
import { ownerLabels } from "../../../components/model/ownership";
import type { KindContext } from "../../../components/provider/context";
import { rolloutKind } from "../../../components/provider/service/rollout";
import { volumeKind } from "../../../components/provider/volume";
import { contextWith, type Said } from "./stub-context";

const mount = (Type: string, Source?: string) => ({ Type, Target: "/x", Source });

function swarm(volumes: { readonly [path: string]: object }, ...mounts: readonly object[]) {
  const said: Said = { warnings: [], requests: [] };
  const Spec = {
    ...{ Name: "shop_db", Mode: {} },
    TaskTemplate: { ContainerSpec: { Image: "db:1", Mounts: mounts } },
  };
  const services = [{ ID: "s", Version: { Index: 1 }, Spec }];
  const answers = { "/services": services, "/tasks": [], "/nodes": [], ...volumes };
  const context: KindContext = { ...contextWith(answers, said), nodes: ["a"] };
  return { said, context };
}

const { inputs } = rolloutKind.check(
  { services: { db: { name: "shop_db", revision: "1" } } },
  undefined,
  { urn: "u", salt: "salt" },
);
const old = { id: "r", inputs: inputs as never, state: {} };

test("a platform that goes names the volumes that stay, and where", async () => {
  const { said, context } = swarm(
    { "/volumes/shop_data": { Labels: null }, "/volumes/shop_gone/x": {} },
    mount("volume", "shop_data"),
    mount("volume", "shop_gone"),
    mount("volume"),
    mount("bind", "/srv"),
    mount("volume", "logs-{{.Task.Slot}}"),
  );
  await rolloutKind.delete(old, context);
  expect(said.warnings).toEqual([
    "volumes stay with their data: logs-{{.Task.Slot}} on the nodes of its tasks; shop_data on a. " +
      "To delete them for good, run docker volume rm there. " +
      "Random secrets do not stay: a platform that comes back gets new ones, and its data may still expect the old",
  ]);
});

test("volumes that are resources speak for themselves, and nothing fails when the swarm is gone", async () => {
  const own = swarm(
    {
      "/volumes/shop_data": { Labels: ownerLabels("urn:pulumi:dev::yard::swarm:index:Volume::v") },
    },
    mount("volume", "shop_data"),
  );
  await rolloutKind.delete(old, own.context);
  expect(own.said.warnings).toEqual([]);
  const silent = { ...own.context, manager: () => Promise.reject(new Error("no manager answers")) };
  await rolloutKind.delete(old, silent);
  expect(own.said.warnings).toEqual([]);
});

test("a volume that is kept says so when its resource goes", async () => {
  const { said, context } = swarm({});
  const volume = { node: "a", name: "data", driver: "local", driverOptions: {}, labels: {} };
  const kept = { ...volume, onDelete: "keep" as const };
  await volumeKind.delete({ id: "a/data", inputs: kept, state: {} }, context);
  expect(said.warnings).toEqual([
    "the volume data stays on a with its data; to delete it for good, run docker volume rm data there",
  ]);
});
