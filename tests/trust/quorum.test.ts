import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeStates } from "../e2e/swarm";
import type { Yard } from "../e2e/yard";
import { chaosYard, container, groups, host, lines, on, swarm } from "./chaos/chaos-yard";
import { Faults } from "./chaos/faults";
import { expectSound } from "./chaos/history";
import { whileServing } from "./chaos/serving";
import { expectNoChanges, up } from "./trial";

/** A swarm that loses the majority of its managers. */
let yard: Yard;
let before: Identity;

/** What must be the same after a recovery. */
interface Identity {
  readonly swarm: string;
  readonly services: readonly string[];
  readonly secrets: readonly string[];
  readonly networks: readonly string[];
}

beforeAll(() => {
  yard = chaosYard("quorum");
  yard.set([...groups, "platform", "count"], 4);
});
afterAll(() => yard.close());

function identity(): Identity {
  const ids = (kind: string, ...more: string[]) =>
    [...lines(swarm(yard, kind, "ls", "-q", ...more))].sort();
  return {
    swarm: swarm(yard, "info", "--format", "{{.Swarm.Cluster.ID}}"),
    services: ids("service"),
    secrets: ids("secret"),
    networks: ids("network", "--filter", "scope=swarm"),
  };
}

test("a swarm with a leader is not recovered", async () => {
  await up(yard);
  await expectSound(yard);
  before = identity();
  const { status, output } = await yard.run("recover", ["--yes"]);
  expect(status).not.toBe(0);
  expect(output).toContain(
    "The swarm has a leader: there is nothing to recover, and nothing was changed.",
  );
});

/** Waits until a manager has given up to lead: before that it would bring the log of another one up to date. */
async function leaderless(name: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(500)) {
    try {
      on(yard, name, "timeout", "5", "docker", "node", "ls");
    } catch {
      return;
    }
  }
  throw new Error(`${name} leads without the others`);
}

/** Tries until the managers have a leader again. */
async function answered(work: () => void): Promise<void> {
  for (const end = Date.now() + 60_000; ; await sleep(500)) {
    try {
      work();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

test("with two of four managers lost, recover goes on with the newest log, and nothing is lost", async (context) => {
  const [first, second, ...lost] = [0, 1, 2, 3].map((n) => host(yard, "platform", n));
  await whileServing(context, { yard, faults: new Faults(yard) }, async () => {
    // The first manager misses what comes next.
    yard.engine("stop", "-t", "10", container(yard, first ?? ""));
    await answered(() =>
      on(
        yard,
        second ?? "",
        "sh",
        "-c",
        "docker secret inspect by-hand >/dev/null 2>&1 || echo later | docker secret create by-hand -",
      ),
    );
    for (const name of lost) {
      yard.engine("rm", "-f", "-v", container(yard, name));
      yard.engine("volume", "rm", container(yard, name));
    }
    await leaderless(second ?? "");
    yard.engine("start", container(yard, first ?? ""));
    const { status, output } = await yard.run("recover", ["--yes"]);
    expect(status, output).toBe(0);
    expect(output).toContain(`${second} has the newest log`);
    expect(output).toContain(`${first} has joined.`);
    expect(swarm(yard, "secret", "ls", "--format", "{{.Name}}")).toContain("by-hand");
    swarm(yard, "secret", "rm", "by-hand");
    expect(identity()).toEqual(before);
  });
  expect(await nodeStates(yard)).toEqual({
    "platform-0": "manager Ready",
    "platform-1": "manager Ready",
    "platform-2": "manager Ready",
    "platform-3": "manager Ready",
    "db-0": "worker Ready",
    "db-1": "worker Ready",
  });
});

test("a preview is empty, and down leaves nothing", async () => {
  await expectNoChanges(yard);
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
