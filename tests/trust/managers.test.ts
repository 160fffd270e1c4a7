import { afterAll, beforeAll, expect, test } from "vitest";
import { expectNoChangesIn, succeedIn } from "../e2e/succeed";
import { nodeStates } from "../e2e/swarm";
import { Yard } from "../e2e/yard";

/** A swarm without platforms: only its nodes matter here. */
let yard: Yard;
const groups = ["swarmyard:hosts", "groups"];

beforeAll(() => {
  yard = new Yard("managers");
  yard.set(["swarmyard:platforms"], {});
  yard.set([...groups, "platform", "count"], 3);
  yard.set([...groups, "agent"], undefined);
  yard.set([...groups, "service"], undefined);
});
afterAll(() => yard.close());

const up = () => succeedIn(yard, "up");

const expectNoChanges = () => expectNoChangesIn(yard);

/** Name of a host's container. */
const container = (host: string) => `swarmyard-managers-yard-managers-${host}`;

test("three managers join one swarm", async () => {
  await up();
  expect(await nodeStates(yard)).toEqual({
    "platform-0": "manager Ready",
    "platform-1": "manager Ready",
    "platform-2": "manager Ready",
    "db-0": "worker Ready",
  });
});

/** Runs preview and refresh, which must find nothing to change and go through another manager. */
async function lookWithout(manager: string): Promise<void> {
  const preview = await yard.run("preview", ["--expect-no-changes", "--diff"]);
  expect(preview.status, preview.output).toBe(0);
  const refresh = await yard.run("refresh");
  expect(refresh.status, refresh.output).toBe(0);
  expect((await nodeStates(yard))[manager]).toMatch(/manager (Down|Unknown)/);
}

test("with the first manager paused, preview and refresh go through another", async () => {
  yard.engine("pause", container("platform-0"));
  try {
    await lookWithout("platform-0");
  } finally {
    yard.engine("unpause", container("platform-0"));
  }
});

test("with the first manager stopped, preview and refresh go through another, and up has it back", async () => {
  yard.engine("stop", "-t", "10", container("platform-0"));
  await lookWithout("platform-0");
  await up();
  expect((await nodeStates(yard))["platform-0"]).toBe("manager Ready");
  await expectNoChanges();
});

test("a killed first manager is replaced through the remaining ones", async () => {
  yard.engine("kill", container("platform-0"));
  yard.set([...groups, "platform", "count"], undefined);
  yard.set(
    [...groups, "platform", "names"],
    [1, 2, 3].map((n) => `yard-managers-platform-${n}`),
  );
  await up();
  expect(await nodeStates(yard)).toEqual({
    "platform-1": "manager Ready",
    "platform-2": "manager Ready",
    "platform-3": "manager Ready",
    "db-0": "worker Ready",
  });
  await expectNoChanges();
});

test("a worker is promoted and demoted in place", async () => {
  yard.set(
    [...groups, "platform", "names"],
    [1, 2].map((n) => `yard-managers-platform-${n}`),
  );
  yard.set([...groups, "db", "role"], "manager");
  await up();
  expect(await nodeStates(yard)).toEqual({
    "platform-1": "manager Ready",
    "platform-2": "manager Ready",
    "db-0": "manager Ready",
  });
  yard.set([...groups, "platform", "names"], ["yard-managers-platform-1"]);
  yard.set([...groups, "db", "role"], undefined);
  await up();
  expect(await nodeStates(yard)).toEqual({ "platform-1": "manager Ready", "db-0": "worker Ready" });
  await expectNoChanges();
});

test("down removes all of it", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
