import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { type Ended, endOnTheWay, nothingSurvives, Progress } from "./ending";
import { randomsOf, seedOfRun } from "./seed";
import { smallYard } from "./small";
import { expectNothing, expectWhole } from "./whole";

/** What is killed: an `up` from nothing, an `up` of what stands, a `down`. */
type Kind = "up" | "change" | "down";

interface Point {
  readonly kind: Kind;
  /** Part of the run's events after which it is killed. */
  readonly part: number;
  readonly ms: number;
  readonly next: "up" | "down";
}

let yard: Yard;
/** Output of the last command that ran to its end. */
let said = "";
let standing = false;
let changes = 0;
const events: { [kind in Kind]: number } = { up: 0, change: 0, down: 0 };
const seed = seedOfRun();
const points = pointsOf(seed);

beforeAll(() => {
  yard = smallYard("torn");
});
afterAll(() => yard.close());

/** Ten points, the same for the same seed. */
function pointsOf(number: number): readonly Point[] {
  const random = randomsOf(number);
  const kinds = ["up", "change", "down"] as const;
  return Array.from({ length: 10 }, (_, index) => ({
    kind: kinds[index % 3] as Kind,
    part: random(),
    ms: Math.floor(random() * 800),
    next: random() < 0.6 ? "up" : "down",
  }));
}

const title = ({ kind, part, ms, next }: Point) =>
  [
    `${kind === "change" ? "an up that changes things" : `${kind === "up" ? "up from nothing" : "down"}`}`,
    `killed at ${Math.round(part * 100)} % and ${ms} ms, then ${next}`,
  ].join(" ");

/** Runs a command to its end. @returns how much happened to resources in it */
async function succeeds(command: "up" | "down"): Promise<number> {
  const progress = new Progress();
  const { status, output } = await yard.run(command, [], (line) => progress.take(line));
  expect(status, output).toBe(0);
  standing = command === "up";
  said = output;
  return progress.count;
}

/** Says something else in the environment file: an update of each kind, and a recreated secret. */
function change(): void {
  changes += 1;
  const key = ["swarmyard:platforms", "small"];
  yard.set([...key, "services", "front", "replicas"], changes % 2 === 0 ? 2 : 3);
  yard.set([...key, "services", "lone", "env"], { CHANGE: `${changes}` });
  yard.set([...key, "services", "deep", "labels"], { change: `${changes}` });
  yard.set([...key, "secrets", "word", "random"], 24 + changes);
}

/** Brings the environment to where a run of this kind begins. */
async function prepare(kind: Kind): Promise<void> {
  if (kind === "up" && standing) await succeeds("down");
  if (kind !== "up" && !standing) await succeeds("up");
  if (kind === "change") change();
}

/** Kills a run at a point. If the run ended on its own before that, kills another one a little earlier. */
async function killAt({ kind, part, ms }: Point): Promise<Ended> {
  for (const earlier of [0, 0.1, 0.2, 0.3]) {
    await prepare(kind);
    const count = Math.floor((part - earlier) * (events[kind] - 1));
    const at = { events: Math.max(0, count), ms: earlier > 0 ? 0 : ms };
    const command = kind === "down" ? "down" : "up";
    const ended = await endOnTheWay(yard, command, at, () => yard.signal("SIGKILL"));
    if (ended.reached) return ended;
    expect(ended.status, ended.output).toBe(0);
    standing = command === "up";
  }
  throw new Error("the run ended each time before it was killed");
}

describe(`at ten random points (SWARMYARD_SEED=${seed})`, () => {
  test("a life without a kill, which says how much there is to do", async () => {
    events.up = await succeeds("up");
    await expectWhole(yard);
    change();
    events.change = await succeeds("up");
    events.down = await succeeds("down");
    expectNothing(yard);
    for (const count of Object.values(events)) expect(count).toBeGreaterThan(3);
  });

  test.each(points.map((point) => [title(point), point] as const))("%s", async (_, point) => {
    const { next } = point;
    const ended = await killAt(point);
    expect(ended.status).not.toBe(0);
    // Without any further command: each process notices on its own that its run has ended.
    await nothingSurvives(ended, 30);

    await succeeds(next);
    await nothingSurvives(ended, 1);
    if (next === "up") await expectWhole(yard, said);
    else expectNothing(yard);
  });
});
