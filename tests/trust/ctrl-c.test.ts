import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { type Ended, endOnTheWay, nothingSurvives } from "./ending";
import { randomsOf, seedOfRun } from "./seed";
import { smallYard } from "./small";
import { expectNothing, expectUnlocked, expectWhole } from "./whole";

/** Just longer than what the command takes for one Ctrl-C that several hand on. */
const secondMs = 800;
let yard: Yard;
const seed = seedOfRun();
const random = randomsOf(seed);

beforeAll(() => {
  yard = smallYard("ctrlc");
});
afterAll(() => yard.close());

async function succeeds(command: "up" | "down"): Promise<void> {
  const { status, output } = await yard.run(command);
  expect(status, output).toBe(0);
}

/** Ctrl-C in a terminal: the whole process group gets it, once or once more after a while. */
async function interrupt(command: "up" | "down", times: 1 | 2): Promise<Ended> {
  const at = { events: 2 + Math.floor(random() * (command === "up" ? 50 : 4)), ms: 0 };
  const press = async () => {
    yard.signal("SIGINT");
    if (times === 1) return;
    await sleep(secondMs);
    yard.signal("SIGINT");
  };
  let pressed: Promise<void> | undefined;
  const ended = await endOnTheWay(yard, command, at, () => {
    pressed = press();
  });
  // So that a second one that comes late meets no other run.
  await pressed;
  expect(ended.reached, ended.output).toBe(true);
  // npm ends by the signal itself, which a shell shows as 130.
  expect([130, null], ended.output).toContain(ended.status);
  await nothingSurvives(ended, 10);
  return ended;
}

describe(`Ctrl-C (SWARMYARD_SEED=${seed})`, () => {
  test("once in up: running work finishes, no lock is left, the next up continues", async () => {
    const { output, lasted } = await interrupt("up", 1);
    expect(output).toContain("Stopping: letting running work finish.");
    expect(lasted).toBeLessThan(60);
    expectUnlocked(yard);
    await succeeds("up");
    await expectWhole(yard);
  });

  test("once in down: no lock is left, the next up recreates everything", async () => {
    const { lasted } = await interrupt("down", 1);
    expect(lasted).toBeLessThan(60);
    expectUnlocked(yard);
    await succeeds("up");
    await expectWhole(yard);
  });

  test("twice in down: ends immediately, the next down succeeds", async () => {
    const { output, lasted } = await interrupt("down", 2);
    // On a quick machine it ends by the first one, before the second comes.
    if (lasted > secondMs / 1000) expect(output).toContain("Killing running work.");
    expect(lasted).toBeLessThan(20);
    await succeeds("down");
    expectNothing(yard);
  });

  test("twice in up: ends immediately, the next up succeeds", async () => {
    const { lasted } = await interrupt("up", 2);
    expect(lasted).toBeLessThan(20);
    await succeeds("up");
    await expectWhole(yard);
  });

  test("down leaves nothing", async () => {
    await succeeds("down");
    expectNothing(yard);
  });
});
