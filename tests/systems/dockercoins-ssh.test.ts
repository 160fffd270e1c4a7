import { afterAll, beforeAll, expect, test } from "vitest";
import { expectNoChangesIn, succeedIn } from "../e2e/succeed";
import { Servers } from "./servers";
import { eventually, json } from "./system";

/**
 * The course's three machines as it has them: eth0 is public, eth1 is between them, and the user becomes root with sudo.
 */
let servers: Servers;
const images = [
  "redis",
  ...["rng", "hasher", "worker", "webui"].map((key) => `dockercoins/${key}:v0.1`),
];
/** What each machine had before we came. */
const before = new Map<string, string>();

beforeAll(async () => {
  servers = new Servers("dockercoins");
  await servers.start();
  const { machines, names } = servers;
  machines.interconnect(names);
  for (const name of names) {
    machines.refuseRoot(name);
    machines.on(name, "sh", "-c", "echo 'ubuntu ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ubuntu");
    closeSwarmPorts(name);
    before.set(name, machines.traces(name));
  }
  servers.give(Object.fromEntries(names.map((name) => [name, images])));
});
afterAll(() => servers.close());

/** Nothing of the swarm gets through on eth0, at its usual ports and at those of the file. */
function closeSwarmPorts(name: string): void {
  for (const [protocol, ports] of [
    ["tcp", "2377,7777,7946"],
    ["udp", "7946,4789"],
  ] as const) {
    const match = ["-i", "eth0", "-p", protocol, "-m", "multiport", "--dports", ports];
    servers.machines.on(name, "iptables", "-I", "INPUT", ...match, "-j", "DROP");
  }
}

/** Packets that these rules dropped. */
function dropped(name: string): readonly number[] {
  const lines = servers.machines.on(name, "iptables", "-nvxL", "INPUT").split("\n");
  return lines
    .filter((line) => /DROP.*multiport/.test(line))
    .map((line) => Number(line.trim().split(/\s+/)[0]));
}

/** What a node's Docker engine says of itself and its swarm. */
function swarmOf(name: string) {
  return JSON.parse(servers.machines.on(name, "docker", "info", "--format", "{{json .Swarm}}"));
}

/** Addresses at which a node listens for the swarm. */
function listening(name: string): readonly string[] {
  const lines = servers.machines.on(name, "ss", "-Hlnt").split("\n");
  const places = lines.map((line) => line.trim().split(/\s+/)[3] ?? "");
  return places.filter((place) => /:(2377|7777|7946)$/.test(place)).sort();
}

/** Addresses of nodes to which a node's overlay networks send packets. */
function peers(name: string): readonly string[] {
  const script = `for space in /var/run/docker/netns/1-*; do
  nsenter --net="$space" bridge fdb show 2>/dev/null
done | grep -o 'dst [0-9.]*' | sort -u`;
  return servers.machines
    .on(name, "sh", "-c", script)
    .split("\n")
    .map((line) => line.replace("dst ", ""));
}

const inner = (name: string) => servers.machines.innerAddress(name);

const tasks = () => servers.system.tasksByKey("dockercoins");

const webui = async () => {
  const found = (await servers.system.tasks("dockercoins_webui"))[0];
  return `http://${servers.machines.address(found?.node ?? "")}:8000`;
};

const counts = async () => json(`${await webui()}/json`);

test("one command makes the swarm and brings the course's application up", async () => {
  const output = await succeedIn(servers.system, "up");
  expect(output).toContain(`Open ${await webui()}`);
  expect(await servers.system.services()).toEqual(
    ["hasher", "redis", "rng", "webui", "worker"].map((key) => `dockercoins_${key}`),
  );
});

test("nodes use eth1 alone, and managers listen there on port 7777", async () => {
  const { names } = servers;
  expect(names.map(swarmOf)).toEqual(
    names.map((name) =>
      expect.objectContaining({
        NodeAddr: inner(name),
        ControlAvailable: name === "node1",
        RemoteManagers: [{ NodeID: expect.any(String), Addr: `${inner("node1")}:7777` }],
      }),
    ),
  );
  expect(Object.fromEntries(names.map((name) => [name, listening(name)]))).toEqual({
    node1: [`${inner("node1")}:7777`, `${inner("node1")}:7946`],
    node2: [`${inner("node2")}:7946`],
    node3: [`${inner("node3")}:7946`],
  });
  for (const name of names) {
    const others = names.filter((one) => one !== name);
    expect([name, ...peers(name)]).toEqual([name, ...others.map(inner).sort()]);
  }
  expect(names.flatMap(dropped)).toEqual(names.flatMap(() => [0, 0]));
});

test("rng runs on each node, the others once", async () => {
  const all = await servers.system.tasks();
  const on = (service: string) =>
    all.filter((task) => task.service === service).map(({ node }) => node);
  expect(on("dockercoins_rng").sort()).toEqual(["node1", "node2", "node3"]);
  for (const key of ["hasher", "redis", "webui", "worker"]) {
    expect(on(`dockercoins_${key}`)).toHaveLength(1);
  }
});

test("the page on port 8000 shows hashes and coins, and there are more and more", async () => {
  expect(await (await fetch(await webui())).text()).toContain("hashes per second");
  const first = await eventually(counts, ({ coins }) => Number(coins) > 0);
  const later = await eventually(counts, ({ hashes }) => Number(hashes) > Number(first.hashes));
  expect(Number(later.coins)).toBeGreaterThanOrEqual(Number(first.coins));
});

test("the same up again changes nothing", async () => {
  const now = await tasks();
  await expectNoChangesIn(servers.system);
  await succeedIn(servers.system, "up", "--expect-no-changes");
  expect(await tasks()).toEqual(now);
});

test("ten workers: the first one keeps running, and so does everything else", async () => {
  const { worker: one = [], ...same } = await tasks();
  servers.system.set(["swarmyard:platforms", "dockercoins", "variables", "WORKERS"], "10");
  await succeedIn(servers.system, "up");
  const { worker: ten = [], ...others } = await tasks();
  expect(ten).toHaveLength(10);
  expect(ten).toEqual(expect.arrayContaining([...one]));
  expect(others).toEqual(same);
});

test("down leaves the machines as they were", async () => {
  await succeedIn(servers.system, "down", "--yes");
  expect(servers.left()).toEqual([]);
  for (const name of servers.names) {
    expect(servers.machines.traces(name), name).toBe(before.get(name));
  }
});
