import { expect, test } from "vitest";
import type { Live } from "../../tools/report/live";
import { absentOf, complaints, missingOf, settle } from "../../tools/report/settle";

const live = (...counts: readonly (readonly [string, number, number])[]): Live => ({
  nodes: [],
  services: counts.map(([name, running, wanted]) => ({ name, running, wanted, nodes: [] })),
});

test("a service with too few tasks is missing, one that is not there is absent", () => {
  const now = live(["a", 1, 1], ["b", 0, 2], ["foreign", 0, 1]);
  expect(missingOf(now, ["a", "b", "c"]).map(({ name }) => name)).toEqual(["b"]);
  expect(absentOf(now, ["a", "b", "c"])).toEqual(["c"]);
  expect(complaints(now, ["a", "c"], "test")).toEqual([
    "Made, but not on the swarm any more: c.",
    "To make it again, type: npm run up -- -s test --refresh",
  ]);
  expect(complaints(now, ["a"], "test")).toEqual([]);
});

test("does not wait for a service that is not there", async () => {
  const options = { names: ["a", "b"], say: () => undefined, rest: () => Promise.reject("waited") };
  expect(await settle(async () => live(["a", 1, 1]), options)).toEqual(live(["a", 1, 1]));
});

test("a service without replicas is not missed", () => {
  expect(missingOf(live(["a", 0, 0]), ["a"])).toEqual([]);
});

test("reads until all run, and says what it waits for once", async () => {
  const reads = [live(["a", 0, 2]), live(["a", 0, 2]), live(["a", 1, 2]), live(["a", 2, 2])];
  const said: string[] = [];
  const last = await settle(async () => reads.shift() ?? live(), {
    names: ["a"],
    say: (line) => said.push(line),
    rest: async () => undefined,
  });
  expect(last).toEqual(live(["a", 2, 2]));
  expect(reads).toEqual([]);
  expect(said).toEqual(["Waiting for a (0 of 2).", "Waiting for a (1 of 2)."]);
});

test("gives up when the time is over, and says what to type", async () => {
  let clock = 0;
  const last = await settle(async () => live(["a", 0, 1]), {
    names: ["a"],
    seconds: 3,
    say: () => undefined,
    now: () => clock,
    rest: async () => (clock += 1000),
  });
  expect(clock).toBe(3000);
  expect(complaints(last, ["a"], "test")).toEqual([
    "Not everything runs: a (0 of 1).",
    "See why: npm run docker -- -s test -- service ps --no-trunc a",
  ]);
});
