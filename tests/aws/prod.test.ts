import { afterAll, beforeAll, expect, test } from "vitest";
import { Laboratory } from "./lab/lab";
import { noteCalls } from "./lab/rights";

/** Three managers in three zones and data that is kept; no platform, since only nodes matter here. */
let lab: Laboratory;
const groups = ["swarmyard:hosts", "groups"];
const managers = ["platform-0", "platform-1", "platform-2"];

beforeAll(async () => {
  lab = await Laboratory.open("labprod", "Pulumi.prod.yaml", "10.78.0.0/16");
  lab.set(["swarmyard:platforms"], { demo: null });
  lab.set([...groups, "platform", "privateAddresses"], ["10.78.1.10", "10.78.2.10", "10.78.3.10"]);
  for (const group of ["db", "gpuworker"]) lab.set([...groups, group], null);
  lab.set([...groups, "agent", "count"], 1);
});
afterAll(async () => {
  await noteCalls(lab);
  await lab.close();
});

/** States of the nodes that are managers, by the end of their name. */
async function managerStates(): Promise<{ readonly [name: string]: string }> {
  const format = "{{.Hostname}} {{.Status}} {{.ManagerStatus}}";
  const lines = (await lab.docker("node", "ls", "--filter", "role=manager", "--format", format))
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  return Object.fromEntries(
    lines.map(([name = "", state = "", reached = ""]) => [
      name.split("-").slice(-2).join("-"),
      `${state} ${reached === "Leader" ? "Reachable" : reached}`,
    ]),
  );
}

const allReachable = Object.fromEntries(managers.map((name) => [name, "Ready Reachable"]));

test("three managers in three zones form one swarm", async () => {
  const { status, output } = await lab.run("up");
  expect(status, output).toBe(0);
  expect(await managerStates()).toEqual(allReachable);
  const zones = JSON.parse(
    lab.aws("ec2", "describe-instances", "--query", "Reservations[].Instances[].Placement"),
  ) as readonly { readonly AvailabilityZone: string }[];
  expect([...new Set(zones.map((place) => place.AvailabilityZone))].sort()).toEqual([
    "eu-west-1a",
    "eu-west-1b",
    "eu-west-1c",
  ]);
});

test("a preview is empty, also after a refresh", async () => {
  const refreshed = await lab.run("refresh");
  expect(refreshed.status, refreshed.output).toBe(0);
  const { status, output } = await lab.run("preview", ["--expect-no-changes", "--diff"]);
  expect(status, output).toBe(0);
});

test("two managers are recreated in one up, one at a time", async () => {
  const before = await lab.cloud.running();
  const [first, second] = ["yard-labprod-platform-1", "yard-labprod-platform-2"];
  const lines: string[] = [];
  const replace = [first, second].flatMap((name) => [
    "--replace",
    lab.urn("Instance", `${name}-machine`),
  ]);
  const { status, output } = await lab.run("up", ["--yes", ...replace], (line) => lines.push(line));
  expect(status, output).toBe(0);
  const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
  const firstJoined = at(/Node .*platform-1.* (created|replaced)/);
  const secondEnded = at(/Instance .*platform-2.* deleting/);
  expect(firstJoined, output).toBeGreaterThanOrEqual(0);
  expect(secondEnded, output).toBeGreaterThan(firstJoined);
  const after = await lab.cloud.running();
  expect(after[first]).not.toBe(before[first]);
  expect(after[second]).not.toBe(before[second]);
  expect(after["yard-labprod-platform-0"]).toBe(before["yard-labprod-platform-0"]);
  expect(await managerStates()).toEqual(allReachable);
});

test("destroy leaves the file system alone and names it", async () => {
  const [share] = await lab.cloud.fileSystems();
  const { status, output } = await lab.run("down", ["--yes"]);
  expect(status, output).toBe(0);
  expect(output).toContain(share as string);
  expect(await lab.cloud.left()).toEqual([`file system ${share}`]);
  const leaks = await lab.run("leaks");
  expect(leaks.status, leaks.output).toBe(0);
  expect(leaks.output).toContain(share as string);
});

test("the policy that docs/ gives to operators was enough for all of it", async () => {
  expect(await lab.cloud.refused()).toEqual([]);
});
