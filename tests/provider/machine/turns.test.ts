import { expect, test } from "vitest";
import { Turns } from "../../../components/provider/machine/turns";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("work happens one after another, in the order in which it came", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = (name: string, ms: number) => () =>
    pause(ms).then(() => {
      seen.push(name);
      return name;
    });
  const results = await Promise.all([
    turns.take("a", work("a", 30)),
    turns.take("b", work("b", 0)),
    turns.take("c", work("c", 10)),
  ]);
  expect(results).toEqual(["a", "b", "c"]);
  expect(seen).toEqual(["a", "b", "c"]);
  expect(await turns.take("d", work("d", 0))).toBe("d");
});

test("what waits behind work that failed is not begun", async () => {
  const turns = new Turns();
  let begun = 0;
  const good = async () => {
    begun += 1;
  };
  const outcomes = await Promise.allSettled([
    turns.take("a-engine", good),
    turns.take("b-engine", () => Promise.reject(new Error("it does not start"))),
    turns.take("c-engine", good),
    turns.take("d-engine", good),
  ]);
  expect(begun).toBe(1);
  expect(outcomes.map((one) => (one.status === "rejected" ? String(one.reason) : "done"))).toEqual([
    "done",
    "Error: it does not start",
    "Error: not begun, because b-engine failed: fix that, then run this again",
    "Error: not begun, because b-engine failed: fix that, then run this again",
  ]);
});
