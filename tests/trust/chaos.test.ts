import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import {
  chaosYard,
  container,
  groups,
  host,
  hostsOf,
  leader,
  setServices,
  swarm,
  urlOf,
} from "./chaos/chaos-yard";
import { Faults } from "./chaos/faults";
import { expectSound } from "./chaos/history";
import { whileServing } from "./chaos/serving";
import { expectNoChanges, failingUp, up } from "./trial";

/** One life of a swarm of three managers and two workers, told in order. */
let yard: Yard;
let faults: Faults;
const managers = () => [0, 1, 2].map((n) => host(yard, "platform", n));

beforeAll(() => {
  yard = chaosYard("chaos");
  faults = new Faults(yard);
});
afterAll(() => yard.close());

/** Changes the service beside the one that is asked, whose task is replaced. */
async function roll(round: number, more: object = {}): Promise<void> {
  setServices(yard, round, more);
  await up(yard);
}

/** Waits until another manager than this one leads. */
async function anotherLeader(name: string): Promise<void> {
  for (const end = Date.now() + 60_000; ; await sleep(500)) {
    try {
      if (leader(yard) !== name) return;
    } catch {
      // They are still voting.
    }
    expect(Date.now()).toBeLessThan(end);
  }
}

test("three managers and two workers come up", async () => {
  await up(yard);
  await expectSound(yard);
  expect((await fetch(urlOf(yard))).ok).toBe(true);
});

test("a leader without its managers is replaced, and a rollout goes on through the others", async (context) => {
  await whileServing(context, { yard, faults }, async () => {
    const cut = leader(yard);
    faults.cut(cut, managers());
    await anotherLeader(cut);
    await roll(1);
  });
});

test("a worker without managers loses its tasks to others, and what it had ends when it is back", async (context) => {
  // Another place for its tasks.
  yard.set(
    [...groups, "db", "names"],
    [0, 1, 2].map((n) => host(yard, "db", n)),
  );
  await up(yard);
  await whileServing(context, { yard, faults }, async () => {
    const format = "{{.Node}}";
    const [cut = ""] = swarm(
      yard,
      "service",
      "ps",
      "-f",
      "desired-state=running",
      "--format",
      format,
      "trial_web",
    ).split("\n");
    faults.cut(cut, managers());
    await down(cut);
  });
});

/** Waits until the swarm takes a node for dead. */
async function down(name: string): Promise<void> {
  for (const end = Date.now() + 60_000; ; await sleep(500)) {
    if (swarm(yard, "node", "inspect", "--format", "{{.Status.State}}", name) === "down") return;
    expect(Date.now()).toBeLessThan(end);
  }
}

test("with every tenth packet lost on all hosts, a rollout is slow and no request fails", async (context) => {
  await whileServing(context, { yard, faults }, async () => {
    for (const name of hostsOf(yard)) faults.lose(name, 0.1);
    await roll(2);
  });
});

test("a manager with a full disk stops nothing", async (context) => {
  await whileServing(context, { yard, faults }, async () => {
    expect(faults.fillDisk(host(yard, "platform", 1))).toContain("No space left on device");
    await roll(3);
  });
});

test("a rollout without a registry fails with the reason, and the next up completes it", async (context) => {
  // Nodes that have never had the image.
  yard.set([...groups, "agent"], { count: 2, labels: ["agent"] });
  await up(yard);
  await whileServing(context, { yard, faults }, async () => {
    faults.cutRegistry();
    setServices(yard, 4, { placement: { constraints: ["node.labels.agent == true"] } });
    const output = await failingUp(yard);
    expect(output).toContain("service trial_side");
    expect(output).toMatch(/registry:5000/);
    faults.repair();
    await up(yard);
  });
});

test("a manager whose raft log was cut off is replaced by another one", async (context) => {
  await whileServing(context, { yard, faults }, async () => {
    const broken = managers().find((name) => name !== leader(yard)) ?? "";
    const cutOff = `cd /data/swarm/raft && for file in $(find . -name '*.wal'); do truncate -s 4096 "$file"; done`;
    faults.whileStopped(broken, cutOff);
    await sleep(10_000);
    const names = managers().map((name) => (name === broken ? host(yard, "platform", 3) : name));
    yard.set([...groups, "platform", "count"], undefined);
    yard.set([...groups, "platform", "names"], names);
    await up(yard);
    expect(Object.keys(yard.machines())).not.toContain(container(yard, broken));
  });
});

test("a node that is killed while it joins has joined after the next up", async (context) => {
  await whileServing(context, { yard, faults }, async () => {
    yard.set([...groups, "agent", "count"], 3);
    await upWhile(/swarm-join-\S*-agent-2 creating/, host(yard, "agent", 2));
    await up(yard);
  });
});

test("a node that is killed while it leaves has left after the next up", async (context) => {
  await whileServing(context, { yard, faults }, async () => {
    yard.set([...groups, "agent", "count"], 2);
    await upWhile(/-agent-2\S* deleting/, host(yard, "agent", 2));
    await up(yard);
    expect(hostsOf(yard)).not.toContain(host(yard, "agent", 2));
  });
});

/** Runs `up` and kills a host when a line comes; how the run ends is open. */
async function upWhile(line: RegExp, name: string): Promise<void> {
  let killed = false;
  const { output } = await yard.run("up", [], (text) => {
    if (killed || !line.test(text)) return;
    killed = true;
    yard.engine("kill", container(yard, name));
  });
  expect(killed, output).toBe(true);
}

test("a preview is empty after all of that, and down leaves nothing", async () => {
  await expectNoChanges(yard);
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
