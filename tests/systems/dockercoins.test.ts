import { afterAll, beforeAll, expect, test } from "vitest";
import { addresses, eventually, json, System } from "./system";

let system: System;
let at: (port: number) => string;

beforeAll(() => {
  system = new System("dockercoins");
});
afterAll(() => system.close());

const variable = (name: string, value: string) =>
  system.set(["swarmyard:platforms", "dockercoins", "variables", name], value);

const tasks = () => system.tasksByKey("dockercoins");

const counts = () => json(`${at(8000)}/json`);

test("one command brings the course's application up", async () => {
  at = addresses(await system.succeed("up"), 8000);
  expect(await system.services()).toEqual(
    ["hasher", "redis", "rng", "webui", "worker"].map((key) => `dockercoins_${key}`),
  );
});

test("rng runs on each of the three nodes, the others once", async () => {
  const numbers = Object.entries(await tasks()).map(([key, ids]) => [key, ids.length]);
  expect(Object.fromEntries(numbers)).toEqual({ hasher: 1, redis: 1, rng: 3, webui: 1, worker: 1 });
});

test("the page on port 8000 shows hashes and coins, and there are more and more", async () => {
  expect(await (await fetch(at(8000))).text()).toContain("hashes per second");
  const first = await eventually(counts, ({ coins }) => Number(coins) > 0);
  expect(first.tag).toBe("v0.1");
  const later = await eventually(counts, ({ hashes }) => Number(hashes) > Number(first.hashes));
  expect(Number(later.coins)).toBeGreaterThanOrEqual(Number(first.coins));
});

test("the same up again changes nothing", async () => {
  const before = await tasks();
  await system.succeed("preview", "--expect-no-changes");
  await system.succeed("up", "--expect-no-changes");
  expect(await tasks()).toEqual(before);
});

test("ten workers: the first one keeps running, and so does everything else", async () => {
  const before = await tasks();
  variable("WORKERS", "10");
  await system.succeed("up");
  const { worker: ten = [], ...others } = await tasks();
  const { worker: one, ...same } = before;
  expect(ten).toHaveLength(10);
  expect(ten).toEqual(expect.arrayContaining([...(one ?? [])]));
  expect(others).toEqual(same);
});

test("a new TAG rolls out the four images that have it, and not redis", async () => {
  variable("WORKERS", "2");
  await system.succeed("up");
  const before = await tasks();
  variable("TAG", "v0.2");
  const { output } = await system.run("preview", ["--stand-ins", "--diff"]);
  expect(output).not.toMatch(/~.*dockercoins-services-redis/);
  await system.succeed("up");
  const after = await tasks();
  expect(after.redis).toEqual(before.redis);
  for (const key of ["rng", "hasher", "worker", "webui"]) {
    const kept = (before[key] ?? []).filter((id) => after[key]?.includes(id));
    expect([key, kept]).toEqual([key, []]);
  }
  await eventually(counts, ({ tag }) => tag === "v0.2");
});

test("a new image of the worker alone rolls out the worker alone", async () => {
  const { worker: old = [], ...others } = await tasks();
  variable("WORKER_TAG", "v0.3");
  await system.succeed("up");
  const { worker: renewed = [], ...same } = await tasks();
  expect(same).toEqual(others);
  expect(old.filter((id) => renewed.includes(id))).toEqual([]);
  const { hashes } = await counts();
  await eventually(counts, (later) => Number(later.hashes) > Number(hashes));
});

test("down leaves nothing", async () => {
  await system.succeed("down");
  expect(system.left()).toEqual([]);
});
