import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test } from "vitest";
import type { Environment, SshHostSettings } from "../../components/config/environment/environment";
import type { Connection } from "../../components/engine/login";
import type { MachineFacts } from "../../components/engine/machine/facts";
import { createHosts } from "../../components/hosts";
import type { Host } from "../../components/hosts/host";
import { existingSettings } from "../../components/hosts/machine/engine";
import { copyToRemote, remoteCommand } from "../../components/hosts/remote";
import { nodesWithFacts, unplaceable } from "../../components/hosts/ssh/placement";
import { Swarm } from "../../components/swarm/swarm";
import { startShell } from "../engine/shell-host";
import { localEnvironment } from "../local-environment";
import { planned } from "../planned";
import { Recorder, resolved } from "../recorder";

const MACHINE = "swarm:index:Machine";
const SCRIPT = "swarm:index:Script";

const login = {
  address: "203.0.113.10",
  port: 22,
  user: "ubuntu",
  key: { kind: "agent" },
} as const;

function machine(name: string, ssh: Partial<SshHostSettings["ssh"]> = {}): SshHostSettings {
  const rest = { setHostname: false, purge: false, engine: { source: "distribution" } } as const;
  return {
    name,
    group: "rack",
    kind: "ssh",
    role: "manager",
    labels: {},
    resources: {},
    ssh: { machine: name, ...login, via: [], ...rest, ...ssh },
  };
}

const facts: MachineFacts = {
  os: { id: "debian", like: "", version: "12", name: "Debian 12" },
  architecture: "aarch64",
  hostname: "db-0",
  machineId: "abc",
  cpus: 4,
  memory: 8 * 2 ** 30,
  disk: 1,
  free: 1,
  interfaces: [
    { name: "docker0", address: "172.17.0.1/16", mtu: 1500 },
    { name: "eth0", address: "172.18.0.10/24", mtu: 1500 },
  ],
  route: "eth0",
  gpus: [],
};

const found = (complaints: readonly string[] = []) => ({
  hostKey: "ssh-ed25519 SEEN",
  hopKeys: ["ssh-ed25519 HOP"],
  identity: "abc",
  privateAddress: "172.18.0.10",
  facts,
  complaints,
});

function rack(...hosts: readonly SshHostSettings[]): Environment {
  const { local: _, ...rest } = localEnvironment("one");
  return { ...rest, hosts, share: { kind: "none" } };
}

const told = (answers: { readonly [name: string]: object } = {}) =>
  new Recorder({
    stack: "one",
    preview: false,
    computed: { [MACHINE]: (name) => answers[name] ?? found() },
  });

async function makeHosts(recorder: Recorder, environment: Environment): Promise<Host[]> {
  const makers = await createHosts(environment, { network: {} }, recorder.opts);
  return makers.map((maker) => maker.make());
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

test("a machine is looked at, claimed and settled, and outlives the stack", async () => {
  const recorder = told();
  const via = [{ ...login, address: "203.0.113.2" }];
  const [host] = await makeHosts(recorder, rack(machine("db-0", { via })));
  await recorder.settle();
  expect(recorder.list()).toEqual([
    "swarm:hosts:Ssh db-0",
    `${MACHINE} db-0-machine`,
    `${SCRIPT} db-0-claim`,
    `${SCRIPT} db-0-engine`,
  ]);
  const asked = recorder.inputs(MACHINE, "db-0-machine");
  expect(asked).toMatchObject({ nodeName: "db-0", owner: "swarmyard/one" });
  expect(JSON.parse(String(asked.connection))).toEqual({
    host: "203.0.113.10",
    port: 22,
    user: "ubuntu",
    via: [{ host: "203.0.113.2", port: 22, user: "ubuntu" }],
  });
  expect(recorder.secrets(MACHINE, "db-0-machine")).toEqual(["connection"]);
  const settled = recorder.inputs(SCRIPT, "db-0-engine");
  expect(JSON.parse(String(settled.connection))).toEqual({
    host: "203.0.113.10",
    port: 22,
    user: "ubuntu",
    hostKey: "ssh-ed25519 SEEN",
    via: [{ host: "203.0.113.2", port: 22, user: "ubuntu", hostKey: "ssh-ed25519 HOP" }],
  });
  // Its own addresses are in the way of a Docker engine's usual ones; those of docker0 are not.
  const taken = ["172.18.0.10/24", "10.201.0.0/16", "10.200.0.0/16"];
  expect(settled.stdin).toBe(`db-0\n${existingSettings({ taken, resources: {} })}\n`);
  expect(settled).toMatchObject({ triggers: ["abc"], timeout: 300 });
  expect(recorder.secrets(SCRIPT, "db-0-engine")).toEqual(["connection", "stdin"]);
  if (host?.lifetime.kind !== "outlives") throw new Error("it outlives the stack");
  expect(await resolved(host.lifetime.identity)).toBe("abc");
  expect(await resolved(host.privateAddress)).toBe("172.18.0.10");
  expect(await resolved(host.publishedAt(8080))).toBe("203.0.113.10:8080");
});

test("a protected environment's machines are not given back", async () => {
  for (const isProtected of [true, false]) {
    const recorder = told();
    const settings = rack(machine("db-0", { purge: true }));
    await makeHosts(recorder, { ...settings, ...(isProtected ? { protected: true } : {}) });
    await recorder.settle();
    const { protect } = recorder.declaration(SCRIPT, "db-0-claim").opts;
    expect(protect ?? false).toBe(isProtected);
  }
});

test("a Docker engine's own networks stay away from every network of the swarm", async () => {
  const recorder = told();
  const environment = rack(machine("db-0"));
  const ingress = { subnet: "172.30.0.0/16" };
  await makeHosts(recorder, { ...environment, swarm: { ...environment.swarm, ingress } });
  await recorder.settle();
  const taken = ["172.18.0.10/24", "10.201.0.0/16", "10.200.0.0/16", "172.30.0.0/16"];
  const { stdin } = recorder.inputs(SCRIPT, "db-0-engine");
  expect(stdin).toBe(`db-0\n${existingSettings({ taken, resources: {} })}\n`);
  expect(stdin).toContain('"bip":"172.27.0.1/24"');
});

test("secrets are in the connection only, whichever key it is", async () => {
  const recorder = told();
  const keys = {
    a: { kind: "secret", secret: "rackKey", passphrase: "word" },
    b: { kind: "file", path: "~/.ssh/rack" },
  } as const;
  pulumi.runtime.setAllConfig(
    { "swarmyard:rackKey": "PRIVATE", "swarmyard:word": "open", "swarmyard:sudo": "sesame" },
    ["swarmyard:rackKey", "swarmyard:word", "swarmyard:sudo"],
  );
  await makeHosts(
    recorder,
    rack(machine("a", { key: keys.a, sudoPassword: "sudo" }), machine("b", { key: keys.b })),
  );
  await recorder.settle();
  const given = (name: string) =>
    JSON.parse(String(recorder.inputs(MACHINE, `${name}-machine`).connection)) as Connection;
  expect(given("a")).toMatchObject({
    privateKey: "PRIVATE",
    passphrase: "open",
    sudoPassword: "sesame",
  });
  expect(given("b")).toMatchObject({ keyFile: "~/.ssh/rack" });
  const { connection: _, ...rest } = recorder.inputs(SCRIPT, "a-claim");
  expect(JSON.stringify(rest)).not.toMatch(/PRIVATE|sesame/);
});

test("all machines that cannot be used are one error, before anything is done on one of them", async () => {
  const recorder = told({
    "a-machine": found(["its disk is full\n  fix: free 2.0 GiB", "its clock is wrong\n  fix: x"]),
    "c-machine": found(["connection refused\n  fix: start sshd"]),
  });
  const hosts = ["a", "b", "c"].map((name) => machine(name, { address: `${name}.example.org` }));
  await expect(makeHosts(recorder, rack(...hosts))).rejects.toThrow(
    `2 of 3 existing machines of "one" cannot be used:
1. a (ubuntu@a.example.org:22, machine a of group rack)
     found: its disk is full
     fix: free 2.0 GiB
     found: its clock is wrong
     fix: x
2. c (ubuntu@c.example.org:22, machine c of group rack)
     found: connection refused
     fix: start sshd`,
  );
  await recorder.settle();
  expect(recorder.list().filter((entry) => entry.startsWith(SCRIPT))).toEqual([]);
});

test("a preview looks at new machines itself", async () => {
  const shell = await startShell(() => ["printf", "%s\n", "kernel=FreeBSD"]);
  closing.push(shell.stop);
  const { port = 0 } = shell.connection;
  // The values of a preview of something new are unknown.
  const unknown = pulumi.unknown as unknown as string;
  const recorder = new Recorder({
    stack: "one",
    preview: true,
    computed: { [MACHINE]: () => ({ complaints: unknown, hostKey: unknown, facts: unknown }) },
  });
  pulumi.runtime.setAllConfig({ "swarmyard:key": shell.connection.privateKey ?? "" }, [
    "swarmyard:key",
  ]);
  const key = { kind: "secret", secret: "key" } as const;
  const host = machine("a", { address: "127.0.0.1", port, key, user: "root" });
  await expect(makeHosts(recorder, rack(host))).rejects.toThrow("its system is FreeBSD");
});

test("commands and copies take the same way", async () => {
  const recorder = told();
  const [host] = await makeHosts(recorder, rack(machine("db-0")));
  if (host === undefined) throw new Error("there is a host");
  remoteCommand("ask", { host, create: "true", delete: "undo", stdin: "x" }, recorder.opts);
  const source = new pulumi.asset.FileAsset("package.json");
  copyToRemote("copy", { host, source, path: "/x/y" }, recorder.opts);
  await recorder.settle();
  expect(recorder.inputs(SCRIPT, "ask")).toMatchObject({
    create: "true",
    delete: "undo",
    stdin: "x",
    timeout: 300,
    triggers: ["abc"],
  });
  expect(recorder.declaration(SCRIPT, "ask").opts).toMatchObject({ deleteBeforeReplace: true });
  expect(recorder.inputs("swarm:index:Upload", "copy")).toMatchObject({
    source: `${process.cwd()}/package.json`,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    target: "/x/y",
    triggers: ["abc"],
  });
});

test("a swarm of existing machines leaves them when it goes", async () => {
  const recorder = told();
  const environment = rack(machine("a"), { ...machine("b"), role: "worker" });
  const hosts = await createHosts(environment, { network: {} }, recorder.opts);
  const settings = { ...environment.swarm, firstManager: "a" };
  const swarm = new Swarm("swarm", { hosts, settings }, recorder.opts);
  await recorder.settle();
  expect(recorder.inputs(SCRIPT, "swarm-init").delete).toContain("docker swarm leave --force");
  expect(recorder.inputs(SCRIPT, "swarm-join-b").delete).toContain("docker swarm leave --force");
  const endpoints = await resolved(swarm.endpoints);
  expect(endpoints[1]).toEqual({
    name: "b",
    role: "worker",
    host: "203.0.113.10",
    port: 22,
    user: "ubuntu",
    hostKey: "ssh-ed25519 SEEN",
  });
});

test("services that fit on no machine are refused now that the machines are known", () => {
  const environment = {
    ...rack(machine("db-0")),
    platforms: [
      {
        name: "app",
        from: "app",
        plan: planned("app", {
          services: {
            fits: { image: "a", resources: { reservations: { memory: "8GiB", cpus: 4 } } },
            large: { image: "a", resources: { reservations: { memory: "9GiB" } } },
            other: { image: "a", placement: { platforms: ["linux/amd64"] } },
            none: { image: "a", replicas: 0, resources: { reservations: { cpus: 64 } } },
          },
        }),
      },
    ],
  };
  const known = new Map([["db-0", facts]]);
  expect(nodesWithFacts(environment, known)[0]).toMatchObject({
    platform: { os: "linux", architecture: "aarch64" },
    resources: { cpus: 4, memoryBytes: 8 * 2 ** 30 },
  });
  expect(unplaceable(environment, known)).toEqual([
    expect.stringMatching(/^platforms\/app: services\.large fits on no node:\n {2}db-0: .*memory/),
    "platforms/app: services.other fits on no node:\n  db-0: the image is for linux/amd64, the node is linux/aarch64",
  ]);
});

/** What a provider's package would have for a server. */
class Server extends pulumi.CustomResource {
  declare readonly ipv4: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("cloud:index:Server", name, { ipv4: undefined }, opts);
  }
}

test("a program may create the machines of a group itself: they go with their resources", async () => {
  const recorder = new Recorder({
    stack: "one",
    preview: false,
    computed: {
      [MACHINE]: () => found(),
      "cloud:index:Server": (name) => ({ ipv4: `address of ${name}` }),
    },
  });
  const makers = await createHosts(
    rack(machine("made"), machine("exists")),
    {
      network: {},
      own: ({ name }) => {
        if (name !== "made") return undefined;
        const server = new Server(name, recorder.opts);
        return { resource: server, address: server.ipv4, privateKey: pulumi.secret("PRIVATE") };
      },
    },
    recorder.opts,
  );
  const [made, exists] = makers.map((maker) => maker.make());
  await recorder.settle();
  const asked = recorder.inputs(MACHINE, "made-machine");
  expect(JSON.parse(String(asked.connection))).toMatchObject({
    host: "address of made",
    privateKey: "PRIVATE",
  });
  expect([asked.patience, recorder.inputs(MACHINE, "exists-machine").patience]).toEqual([
    300,
    undefined,
  ]);
  if (made?.lifetime.kind !== "stack") throw new Error("it goes with the stack");
  const server = made.lifetime.resource;
  for (const [type, name] of [
    [MACHINE, "made-machine"],
    [SCRIPT, "made-claim"],
    [SCRIPT, "made-engine"],
  ] as const) {
    const { opts } = recorder.declaration(type, name);
    expect(opts).toMatchObject({ deletedWith: server, replaceWith: [server] });
  }
  expect(exists?.lifetime.kind).toBe("outlives");
  expect(await resolved(made.publishedAt(80))).toBe("address of made:80");
});

test("a machine of a swarm that is taken over keeps its Docker engine's settings, its tasks and its place", async () => {
  const member = { ...found(), member: "abc" };
  const recorder = told({ "db-0-machine": member, "db-1-machine": { ...found(), member: "" } });
  const environment = rack(machine("db-0"), machine("db-1"));
  const hosts = await makeHosts(recorder, {
    ...environment,
    swarm: { ...environment.swarm, firstManager: "db-0", adopt: true },
  });
  await recorder.settle();
  expect(recorder.inputs(MACHINE, "db-0-machine").adopts).toEqual(["db-0", "db-1"]);
  const settled = recorder.inputs(SCRIPT, "db-0-engine");
  expect(settled.stdin).toBe('db-0\n{"defaults":{},"stated":{}}\n');
  expect(settled.delete).not.toContain("docker rm --force");
  expect(recorder.inputs(SCRIPT, "db-1-engine").delete).toContain("docker rm --force");
  expect(hosts.map(({ lifetime }) => lifetime.kind === "outlives" && lifetime.member)).toEqual([
    ...[true, undefined],
  ]);
});

test("nodes of it keep their availability and stay; one that joins does neither", async () => {
  const member = { ...found(), member: "abc" };
  const recorder = told({ "db-0-machine": member, "db-1-machine": { ...found(), member: "" } });
  const environment = rack(machine("db-0"), machine("db-1"));
  const settings = { ...environment.swarm, firstManager: "db-0", adopt: true };
  const makers = await createHosts(
    { ...environment, swarm: settings },
    { network: {} },
    recorder.opts,
  );
  new Swarm("swarm", { hosts: makers, settings }, recorder.opts);
  await recorder.settle();
  const node = "swarm:index:Node";
  const [found0, joined] = ["db-0", "db-1"].map((name) =>
    recorder.inputs(node, `swarm-node-${name}`),
  );
  expect(found0).toMatchObject({ availability: "keep", stays: true });
  expect(joined).not.toHaveProperty("availability");
  expect(joined).not.toHaveProperty("stays");
  expect(recorder.inputs("swarm:index:Cluster", "swarm-cluster").stays).toBe(true);
  const init = recorder.inputs(SCRIPT, "swarm-init");
  expect(init.create).not.toContain("docker swarm init");
  expect(init).not.toHaveProperty("delete");
  expect(recorder.inputs(SCRIPT, "swarm-join-db-1").delete).toContain("docker swarm leave");
});
