import { afterAll, beforeAll, expect, test } from "vitest";
import { succeedIn } from "../e2e/succeed";
import { nodeStates } from "../e2e/swarm";
import { Yard } from "../e2e/yard";

/** The life of a swarm whose join tokens are rotated by hand, and are in files on the share. */
let yard: Yard;
const groups = ["swarmyard:hosts", "groups"];

beforeAll(() => {
  yard = new Yard("tokens");
  yard.set(["swarmyard:platforms"], {});
  yard.set([...groups, "agent"], undefined);
  yard.set([...groups, "service"], undefined);
  yard.set(["swarmyard:swarm", "tokenFiles"], "blue_swarm");
});
afterAll(() => yard.close());

const within = (host: string, ...command: string[]) =>
  yard.engine("exec", `swarmyard-tokens-yard-tokens-${host}`, ...command).trim();
const token = (role: string) => within("platform-0", "docker", "swarm", "join-token", "-q", role);
const file = (name: string) => within("db-0", "cat", `/mnt/share/blue_swarm/${name}`);

const up = () => succeedIn(yard, "up");

test("the share has the manager's address and the tokens, for root only", async () => {
  await up();
  const address = within("platform-0", "docker", "info", "--format", "{{.Swarm.NodeAddr}}");
  expect(file(".manager.ip")).toBe(address);
  expect(file(".manager.token")).toBe(token("manager"));
  expect(file(".worker.token")).toBe(token("worker"));
  const modes = within("db-0", "sh", "-c", "stat -c '%a %u' /mnt/share/blue_swarm/.[mw]*");
  expect(modes.split("\n")).toEqual(["600 0", "600 0", "600 0"]);
  expect(yard.stateText()).not.toContain("SWMTKN");
});

test("a node more joins after the tokens were rotated by hand, and the files follow", async () => {
  const before = token("worker");
  await yard.docker("swarm", "join-token", "--rotate", "--quiet", "worker");
  expect(token("worker")).not.toBe(before);
  yard.set([...groups, "db", "count"], 2);
  const output = await up();
  expect(output).toContain("Hosts are about to join: reading the swarm's current join tokens.");
  expect(await nodeStates(yard)).toEqual({
    "platform-0": "manager Ready",
    "db-0": "worker Ready",
    "db-1": "worker Ready",
  });
  expect(file(".worker.token")).toBe(token("worker"));
  const preview = await yard.run("preview", ["--expect-no-changes", "--diff"]);
  expect(preview.status, preview.output).toBe(0);
});

test("the files go when they are switched off", async () => {
  yard.set(["swarmyard:swarm", "tokenFiles"], undefined);
  await up();
  expect(within("db-0", "ls", "-A", "/mnt/share")).not.toContain("blue_swarm");
});

test("down removes all of it", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
