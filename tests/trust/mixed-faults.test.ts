import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { chaosYard, groups, host, setServices } from "./chaos/chaos-yard";
import { Faults } from "./chaos/faults";
import { whileServing } from "./chaos/serving";
import { randomsOf, seedOfRun } from "./seed";
import { expectNoChanges, up } from "./trial";

let yard: Yard;
let faults: Faults;
const seed = seedOfRun();
/** How long faults come and go. */
const minutes = Number(process.env.SWARMYARD_CHAOS_MINUTES ?? 10);
const random = randomsOf(seed);
const one = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0];

beforeAll(() => {
  yard = chaosYard("mixed");
  yard.set(
    [...groups, "db", "names"],
    [0, 1, 2].map((n) => host(yard, "db", n)),
  );
  faults = new Faults(yard);
});
afterAll(() => yard.close());

/** What may break: never more than one manager at a time, and one worker. */
const breaks: readonly [() => string, ...(() => string)[]] = [
  () => {
    const cut = manager();
    faults.cut(
      cut,
      [0, 1, 2].map((n) => host(yard, "platform", n)),
    );
    return `${cut} is cut off from the other managers`;
  },
  () => {
    const cut = worker();
    faults.cut(
      cut,
      [0, 1, 2].map((n) => host(yard, "platform", n)),
    );
    return `${cut} is cut off from the managers`;
  },
  () => {
    const [lossy, part] = [one([manager(), worker()]), 0.05 + random() * 0.1];
    faults.lose(lossy, part);
    return `${lossy} loses ${Math.round(part * 100)} % of its packets`;
  },
  () => {
    const paused = manager();
    faults.pause(paused);
    return `${paused} is frozen`;
  },
  () => {
    faults.cutRegistry();
    return "nobody reaches the registry";
  },
];

const manager = () => host(yard, "platform", one([0, 1, 2]));
const worker = () => host(yard, "db", one([0, 1, 2]));

test(`faults come and go for ${minutes} minutes (SWARMYARD_SEED=${seed})`, {
  timeout: (minutes + 15) * 60_000,
}, async (context) => {
  await up(yard);
  const told: string[] = [];
  await whileServing(context, { yard, faults }, async () => {
    const end = Date.now() + minutes * 60_000;
    for (let round = 1; Date.now() < end; round += 1) {
      told.push(one(breaks)());
      await sleep(2_000 + random() * 8_000);
      if (random() < 0.4) {
        setServices(yard, round);
        const { status, output } = await yard.run("up");
        // A run may fail under a fault; the one after it must not.
        told.push(`up ended with ${status}`);
        if (status !== 0) told.push(output.slice(-500));
      }
      faults.repair();
      await sleep(3_000);
    }
    await up(yard);
  }).catch((error: unknown) => {
    throw new Error(`${told.join("\n")}\n${error instanceof Error ? error.stack : error}`);
  });
  expect(told.length).toBeGreaterThan(minutes);
});

test("a preview is empty after all of that, and down leaves nothing", async () => {
  await expectNoChanges(yard);
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
