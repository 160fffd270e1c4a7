import { expect, test } from "vitest";
import type { Live } from "../../tools/report/live";
import { complaint, missingOf, settle } from "../../tools/report/settle";

const live = (...counts: readonly (readonly [string, number, number])[]): Live => ({
  nodes: [],
  services: counts.map(([name, running, wanted]) => ({ name, running, wanted, nodes: [] })),
});

test("a service with too few tasks is missing, also one that is not there", () => {
  const found = missingOf(live(["a", 1, 1], ["b", 0, 2], ["foreign", 0, 1]), ["a", "b", "c"]);
  expect(found.map(({ name, running, wanted }) => [name, running, wanted])).toEqual([
    ["b", 0, 2],
    ["c", 0, 1],
  ]);
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
  expect(complaint(missingOf(last, ["a"]), "test")).toEqual([
    "Not everything runs: a (0 of 1).",
    "See why: npm run docker -- -s test -- service ps --no-trunc a",
  ]);
});
