import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { staysInSwarm, wasMember } from "../../components/hosts/host";
import { existingSettings } from "../../components/hosts/machine/engine";
import { unsettleScript } from "../../components/hosts/machine/existing";
import { adoptsOf, onlyOnce, swarmProblem } from "../../components/hosts/ssh/adopted";

const identity = pulumi.output("id");

test("members of one swarm, with its manager first, are taken over; others join", () => {
  const [a, b] = [
    { name: "a", swarm: "s" },
    { name: "b", swarm: "unknown" },
  ];
  expect(swarmProblem("a", [a, b, { name: "c", swarm: "" }])).toBeUndefined();
  expect(swarmProblem("a", [])).toBeUndefined();
});

test("two swarms, no swarm, and a first manager outside are said, with what to do", () => {
  const members = [
    { name: "a", swarm: "s" },
    { name: "b", swarm: "t" },
    { name: "c", swarm: "s" },
  ];
  expect(swarmProblem("a", members)).toEqual({
    found: "machines are in different swarms: a, c in s; b in t",
    fix: "an environment for each swarm, or take the machines of one out of it first",
  });
  expect(swarmProblem("a", [{ name: "a", swarm: "" }])).toEqual({
    found: "no machine is in a swarm, so there is nothing to take over",
    fix: "remove `adopt: true` to make a new swarm",
  });
  expect(swarmProblem("x", [{ name: "a", swarm: "s" }])).toEqual({
    found: "firstManager is x, which is not in the swarm of a",
    fix: "`firstManager` as one of its managers",
  });
});

test("what all managers say of their swarm is said once", () => {
  const nodes = "its swarm has nodes that the environment does not list: x (ready)";
  expect(onlyOnce([[nodes, "full"], [nodes], ["full"]])).toEqual([[nodes, "full"], [], ["full"]]);
});

test("machines know all nodes only where a swarm is taken over", () => {
  const hosts = [{ name: "b" }, { name: "a" }] as never;
  expect(adoptsOf({ hosts, swarm: { adopt: true } as never })).toEqual(["a", "b"]);
  expect(adoptsOf({ hosts, swarm: {} as never })).toBeUndefined();
});

test("a machine that was in the swarm stays in it, unless the swarm is dissolved", () => {
  const member = { lifetime: { kind: "outlives", identity, member: true } } as const;
  const joined = { lifetime: { kind: "outlives", identity } } as const;
  expect([wasMember(member), wasMember(joined)]).toEqual([true, false]);
  expect(staysInSwarm(member, {})).toBe(true);
  expect(staysInSwarm(member, { dissolve: true })).toBe(false);
  expect(staysInSwarm(joined, {})).toBe(false);
});

test("its Docker engine keeps its settings, which would restart it, except what the group states", () => {
  const args = { taken: ["172.16.0.0/12"], resources: { ssd: 1 }, asFound: true };
  expect(JSON.parse(existingSettings(args))).toEqual({ defaults: {}, stated: {} });
  const own = { "log-driver": "local" };
  expect(JSON.parse(existingSettings({ ...args, own }))).toEqual({ defaults: {}, stated: own });
});

test("when it is given back, its tasks and the bridge of the swarm stay", () => {
  const [leaves, stays] = [unsettleScript(), unsettleScript({ stays: true })];
  for (const text of ["docker rm --force", "docker network rm docker_gwbridge"]) {
    expect(leaves).toContain(text);
    expect(stays).not.toContain(text);
  }
  expect(stays).toContain("rm -rf /var/lib/swarmyard/found");
});
