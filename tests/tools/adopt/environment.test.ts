import { expect, test } from "vitest";
import { parse } from "yaml";
import { environmentText, swarmSettings } from "../../../tools/adopt/environment";
import { machinesOf } from "../../../tools/adopt/machines";
import { liveOf, networkOf, nodeOf, swarm } from "./a-swarm";

test("a swarm with Docker's own settings states its pools, and a pool of ours that meets none of them", () => {
  expect(swarmSettings(liveOf({}))).toEqual({
    addressPools: ["10.0.0.0/8"],
    platformPool: "172.30.0.0/16",
  });
});

test("what was chosen for a swarm is stated; a pool that meets a network or a node is not taken", () => {
  const chosen = {
    ...swarm,
    DefaultAddrPool: ["10.50.0.0/16"],
    SubnetSize: 26,
    DataPathPort: 7777,
    Spec: {
      Orchestration: { TaskHistoryRetentionLimit: 2 },
      CAConfig: { NodeCertExpiry: 720 * 3_600e9 },
      EncryptionConfig: { AutoLockManagers: true },
    },
  };
  const live = liveOf({
    swarm: chosen,
    networks: [networkOf("a", { IPAM: { Config: [{ Subnet: "10.201.3.0/24" }] } })],
    nodes: [nodeOf("w", "worker", {}, { Status: { State: "ready", Addr: "172.30.0.9" } })],
  });
  expect(swarmSettings(live)).toEqual({
    addressPools: ["10.50.0.0/16"],
    addressPoolMask: 26,
    platformPool: "172.29.0.0/16",
    dataPathPort: 7777,
    autolock: true,
    certificateExpiry: "720h",
    taskHistory: 2,
  });
});

test("the file has what adopt needs, quotes what YAML would read otherwise, and is one that we take", () => {
  const nodes = [nodeOf("m1", "manager"), nodeOf("w1", "worker", { web: "true", n: "1" })];
  const machines = machinesOf(nodes, new Map(), { user: "admin", port: 22 });
  const text = environmentText(liveOf({ nodes }), {
    machines,
    platforms: ["web", "standalone"],
    key: { file: "~/.ssh/key" },
    via: { address: "203.0.113.2" },
  });
  expect(text).toContain('n: "1"');
  expect(parse(text).config).toEqual({
    "swarmyard:hosts": {
      kind: "ssh",
      groups: {
        managers: {
          ...{ role: "manager", user: "admin", key: { file: "~/.ssh/key" } },
          ...{ via: { address: "203.0.113.2" }, machines: { m1: { address: "10.9.0.2" } } },
        },
        "workers-1-web": {
          ...{ labels: { n: "1", web: "true" }, user: "admin", key: { file: "~/.ssh/key" } },
          ...{ via: { address: "203.0.113.2" }, machines: { w1: { address: "10.9.0.2" } } },
        },
      },
    },
    "swarmyard:swarm": {
      ...{ adopt: true, firstManager: "m1", addressPools: ["10.0.0.0/8"] },
      platformPool: "172.30.0.0/16",
    },
    "swarmyard:platforms": { web: {}, standalone: {} },
  });
});

test("the password of sudo is named as a secret of every group, and never written", () => {
  const nodes = [nodeOf("m1", "manager"), nodeOf("w1", "worker")];
  const machines = machinesOf(nodes, new Map(), { user: "admin", port: 22 });
  const around = { machines, platforms: [], key: "agent", sudoPassword: "rackSudo" } as const;
  const { groups } = parse(environmentText(liveOf({ nodes }), around)).config["swarmyard:hosts"];
  expect(groups).toEqual({
    managers: {
      ...{ role: "manager", user: "admin", sudoPassword: "rackSudo" },
      machines: { m1: { address: "10.9.0.2" } },
    },
    workers: {
      ...{ user: "admin", sudoPassword: "rackSudo" },
      machines: { w1: { address: "10.9.0.2" } },
    },
  });
});
