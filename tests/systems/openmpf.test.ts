import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addresses, eventually, json, System } from "./system";

let system: System;
let at: (port: number) => string;

beforeAll(() => {
  system = new System("openmpf");
});
afterAll(() => system.close());

const list = () => path.join(system.place, "components.csv");
const components = () =>
  fs
    .readFileSync(list(), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[0] ?? "");

test("the workflow manager and all components of the list come up", async () => {
  at = addresses(await system.succeed("up"), 8080);
  const numbers = Object.fromEntries(
    Object.entries(await system.tasksByKey("openmpf")).map(([key, ids]) => [key, ids.length]),
  );
  const everywhere = [
    "markup",
    "clip-detection-server",
    "ocv-yolo-detection-server",
    "trtis-detection-server",
  ];
  expect(numbers).toEqual({
    db: 1,
    redis: 1,
    "workflow-manager": 1,
    ...Object.fromEntries(components().map((name) => [name, 1])),
    ...Object.fromEntries(everywhere.map((name) => [name, 3])),
  });
});

test("the workflow manager has its secrets and the share, and reaches the database and the queue", async () => {
  const found = await eventually(
    () => json(at(8080)),
    ({ ready }) => ready === true,
  );
  expect(found).toMatchObject({
    has: [
      "POSTGRES_PASSWORD_LOAD_FROM_FILE",
      "/run/secrets/db_password",
      "/run/secrets/user_properties",
      "/opt/mpf/share",
    ],
    reaches: ["db:5432", "redis:6379"],
  });
});

test("a component finds the share and the workflow manager", async () => {
  const said = await eventually(
    () => system.docker("service", "logs", "--raw", "openmpf_east-text-detection"),
    (text) => text.includes("ready"),
  );
  expect(said).toContain("workflow-manager:8080");
});

test("limits, limits of processes and commands are the guide's", async () => {
  const inspect = async (service: string, template: string) =>
    JSON.parse(
      await system.docker("service", "inspect", service, "--format", `{{json ${template}}}`),
    );
  const limits = ".Spec.TaskTemplate.Resources.Limits";
  expect(await inspect("openmpf_east-text-detection", limits)).toEqual({ NanoCPUs: 2_000_000_000 });
  const container = ".Spec.TaskTemplate.ContainerSpec";
  expect(await inspect("openmpf_clip-detection-server", container)).toMatchObject({
    Args: expect.arrayContaining(["tritonserver", "--load-model=vit_l_14"]),
    Ulimits: [{ Name: "stack", Soft: 67_108_864, Hard: 67_108_864 }],
  });
});

test("the same up again changes nothing", async () => {
  await system.succeed("preview", "--expect-no-changes");
});

test("ten tasks of a component: the first one keeps running, and so does everything else", async () => {
  const before = await system.tasksByKey("openmpf");
  const text = fs.readFileSync(list(), "utf8");
  fs.writeFileSync(list(), text.replace("keyword-tagging,1,", "keyword-tagging,10,"));
  await system.succeed("up");
  const { "keyword-tagging": ten = [], ...others } = await system.tasksByKey("openmpf");
  const { "keyword-tagging": one = [], ...same } = before;
  expect(ten).toHaveLength(10);
  expect(ten).toEqual(expect.arrayContaining([...one]));
  expect(others).toEqual(same);
});

test("a new tag rolls out what OpenMPF builds, and neither the database nor redis", async () => {
  const text = fs.readFileSync(list(), "utf8");
  fs.writeFileSync(list(), text.replace("keyword-tagging,10,", "keyword-tagging,1,"));
  const before = await system.tasksByKey("openmpf");
  const index = path.join(system.place, "index.ts");
  fs.writeFileSync(index, fs.readFileSync(index, "utf8").replace('tag = "9.0"', 'tag = "9.1"'));
  await system.succeed("up");
  const after = await system.tasksByKey("openmpf");
  expect([after.db, after.redis]).toEqual([before.db, before.redis]);
  const kept = Object.keys(after).filter((key) =>
    after[key]?.some((id) => before[key]?.includes(id)),
  );
  expect(kept.sort()).toEqual(["db", "redis"]);
});

test("down leaves nothing", async () => {
  await system.succeed("down");
  expect(system.left()).toEqual([]);
});
