import { expect, test } from "vitest";
import type {
  Environment,
  SshHostSettings,
} from "../../../components/config/environment/environment";
import type { MachineFacts } from "../../../components/engine/machine/facts";
import { createHosts } from "../../../components/hosts";
import { firewallRules } from "../../../components/hosts/machine/firewall/rules";
import {
  applyScript,
  confirmScript,
  removeScript,
  settleScript,
} from "../../../components/hosts/machine/firewall/scripts";
import { firewallArgs } from "../../../components/hosts/ssh/firewall";
import { rebootWarnings } from "../../../components/hosts/ssh/reboot";
import { Swarm } from "../../../components/swarm/swarm";
import { localEnvironment } from "../../local-environment";
import { planned } from "../../planned";
import { Recorder, resolved } from "../../recorder";

const MACHINE = "swarm:index:Machine";
const SCRIPT = "swarm:index:Script";

function machine(name: string, ssh: Partial<SshHostSettings["ssh"]> = {}): SshHostSettings {
  const login = { address: `${name}.example.org`, port: 22, user: "root", key: { kind: "agent" } };
  const rest = { setHostname: false, purge: false, engine: { source: "distribution" } } as const;
  const [group, kind, role] = ["rack", "ssh", "manager"] as const;
  const own = {
    machine: name,
    ...login,
    key: { kind: "agent" },
    via: [],
    ...rest,
    ...ssh,
  } as const;
  return { name, group, kind, role, labels: {}, resources: {}, ssh: own };
}

const facts: MachineFacts = {
  os: { id: "debian", like: "", version: "12", name: "Debian 12" },
  ...{ architecture: "x86_64", hostname: "a", machineId: "abc", cpus: 4, memory: 2 ** 33 },
  ...{ disk: 1, free: 1, route: "eth0", gpus: [] },
  interfaces: [
    { name: "docker0", address: "172.17.0.1/16", mtu: 1500 },
    { name: "eth0", address: "203.0.113.10/24", mtu: 1500 },
    { name: "eth1", address: "10.0.0.10/24", mtu: 1500 },
  ],
};

function rack(...hosts: Environment["hosts"]): Environment {
  const { local: _, ...rest } = localEnvironment("one");
  return { ...rest, hosts, share: { kind: "none" } };
}

const known = {
  facts: new Map([["a", facts]]),
  privateAddresses: new Map([
    ["a", "10.0.0.10"],
    ["b", "10.0.0.11"],
  ]),
};
const open = { from: [], nodes: [] };

test("nodes are all addresses that a node's packets come from", () => {
  const local = localEnvironment("one").hosts.find(({ kind }) => kind === "local");
  if (local?.kind !== "local") throw new Error("there is a local host");
  const b = { ...machine("b"), addresses: { advertise: "10.9.0.2:7777", listen: "0.0.0.0:7777" } };
  const environment = rack(machine("a"), b, local);
  const { nodes } = firewallArgs(
    environment,
    b,
    { from: [], nodes: ["198.51.100.7/32", "10.0.0.10"] },
    known,
  );
  expect(nodes).toEqual(
    [
      ...["10.0.0.10", "203.0.113.10"],
      ...["10.0.0.11", "10.9.0.2"],
      ...[local.privateAddress, "198.51.100.7/32"],
    ].sort(),
  );
});

test("ports are those of the swarm, of sshd anywhere, and those published on a node itself", () => {
  const services = {
    web: {
      image: "a",
      endpointMode: "vip",
      ports: [{ target: 80, published: 8080, mode: "ingress" }],
    },
    dns: {
      image: "a",
      ports: [
        { target: 53, published: 53, protocol: "udp", mode: "host" },
        { target: 54, mode: "host" },
      ],
    },
  } as const;
  const platforms = [{ name: "app", from: "app", plan: planned("app", { services }) }];
  const via = [{ ...machine("j").ssh, port: 2200 }];
  const a = { ...machine("a", { port: 2222, via }), addresses: { advertise: "eth1:7777" } };
  const environment = { ...rack(a, machine("b")), platforms };
  const swarm = { ...environment.swarm, dataPathPort: 7789 };
  expect(firewallArgs({ ...environment, swarm }, a, open, known)).toMatchObject({
    managerPorts: [2377, 7777],
    dataPathPort: 7789,
    sshPorts: [22, 2200, 2222],
    hostPorts: [{ port: 53, protocol: "udp" }],
    from: [],
  });
  const listening = { ...a, addresses: { advertise: "eth1:7777", listen: "eth1:7777" } };
  expect(firewallArgs(environment, listening, open, known)).toMatchObject({
    managerPorts: [7777],
    dataPathPort: 4789,
  });
});

test("the mesh's port and its peers are those of the file, where it has a mesh", () => {
  const a = machine("a", { address: "203.0.113.10" });
  const b = machine("b", { address: "10.9.0.2", via: [{ ...machine("j").ssh }] });
  const c = machine("c", { meshEndpoint: "gate.example.org:51820" });
  const d = machine("d", { address: "2001:db8::2", meshEndpoint: "198.51.100.7:4500" });
  const e = machine("e", { address: "203.0.113.11", meshEndpoint: "198.51.100.8" });
  const environment = rack(a, b, c, d, e);
  expect(firewallArgs(environment, a, open, known).mesh).toBe(undefined);
  const mesh = { subnet: "10.203.0.0/16", port: 51821, mtu: 1420, addresses: {} };
  const swarm = { ...environment.swarm, mesh };
  expect(firewallArgs({ ...environment, swarm }, a, open, known).mesh).toEqual({
    port: 51821,
    from: ["198.51.100.7", "198.51.100.8", "2001:db8::2", "203.0.113.10", "203.0.113.11"],
    subnet: "10.203.0.0/16",
    tunnel: "swarmyard",
  });
});

test("only the host that serves the share has a port of NFS", () => {
  const [a, b] = [machine("a"), machine("b")];
  const share = {
    kind: "nfs",
    data: "keep",
    path: "/data",
    exported: "/data",
    options: "hard",
  } as const;
  const serving = (server: string, served: boolean) => {
    const environment = { ...rack(a, b), share: { ...share, server, served } };
    return [a, b].map((host) => firewallArgs(environment, host, open, known).servesNfs);
  };
  expect(serving("a", true)).toEqual([true, undefined]);
  expect(serving("nas.example.org", false)).toEqual([undefined, undefined]);
});

test("a machine without systemd is warned of with what a reboot takes from it", () => {
  const firewall = { from: [], nodes: [] };
  const [a, b, c] = [machine("a", { firewall }), machine("b"), machine("c", { firewall })];
  const environment = rack(a, b, c);
  const seen = (systemd: boolean) => ({ ...facts, systemd });
  const told = new Map([
    ["a", seen(false)],
    ["b", seen(false)],
    ["c", seen(true)],
  ]);
  const fix = (what: string) =>
    `\n  fix: have it run ${what} as root at each boot, before its Docker engine`;
  const [mesh, boot] = ["`bash /var/lib/swarmyard/mesh/up`", "`/var/lib/swarmyard/firewall/boot`"];
  expect(rebootWarnings(environment, told)).toEqual([
    `a has no systemd, so a reboot takes its firewall away.${fix(boot)}`,
  ]);
  const settings = { subnet: "10.203.0.0/16", port: 51820, mtu: 1420, addresses: {} };
  const meshed = { ...environment, swarm: { ...environment.swarm, mesh: settings } };
  expect(rebootWarnings(meshed, told)).toEqual([
    `a has no systemd, so a reboot takes its tunnel of the mesh and its firewall away.${fix(`${mesh} and ${boot}`)}`,
    `b has no systemd, so a reboot takes its tunnel of the mesh away.${fix(mesh)}`,
  ]);
  // Nobody knows of machines that an earlier version looked at.
  expect(rebootWarnings(meshed, known.facts)).toEqual([]);
});

test("a machine has its firewall before it joins, and no other has one", async () => {
  const recorder = new Recorder({
    ...{ stack: "one", preview: false },
    computed: {
      [MACHINE]: (name) => ({
        ...{ hostKey: "ssh-ed25519 SEEN", hopKeys: [], identity: `id of ${name}`, facts },
        ...{ privateAddress: "10.0.0.10", complaints: [] },
      }),
    },
  });
  const firewall = { from: ["203.0.113.0/24"], nodes: [] };
  const environment = rack(machine("a", { firewall }), { ...machine("b"), role: "worker" });
  const hosts = await createHosts(environment, { network: {} }, recorder.opts);
  const swarm = new Swarm(
    "swarm",
    { hosts, settings: { ...environment.swarm, firstManager: "a" } },
    recorder.opts,
  );
  await recorder.settle();
  const scripts = recorder.list().filter((entry) => entry.includes("firewall"));
  expect(scripts).toEqual([`${SCRIPT} a-firewall`, `${SCRIPT} a-firewall-rules`]);
  expect(recorder.inputs(SCRIPT, "a-firewall").delete).toBe(removeScript);
  const args = firewallArgs(environment, machine("a"), firewall, {
    facts: new Map([
      ["a", facts],
      ["b", facts],
    ]),
    privateAddresses: new Map([
      ["a", "10.0.0.10"],
      ["b", "10.0.0.10"],
    ]),
  });
  const { connection, ...inputs } = recorder.inputs(SCRIPT, "a-firewall-rules");
  expect(inputs).toEqual({
    create: applyScript.text,
    update: applyScript.text,
    confirm: confirmScript,
    delete: settleScript,
    stdin: applyScript.stdin(firewallRules(args)),
    timeout: 120,
    triggers: ["id of a-machine", "10.0.0.10", "203.0.113.10", "2377", "4789"],
  });
  expect(JSON.parse(String(connection))).toMatchObject({ host: "a.example.org" });
  // The new rules come first: a node that leaves is let in until it has left.
  const { opts } = recorder.declaration(SCRIPT, "a-firewall-rules");
  expect(opts.deleteBeforeReplace).toBe(undefined);
  const ready = await Promise.all(swarm.hosts.map((host) => resolved(host.ready.at(-1)?.urn)));
  expect(ready.map((urn) => urn?.split("::").at(-1))).toEqual(["a-firewall-rules", "b-engine"]);
});
