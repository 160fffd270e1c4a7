import { expect, test } from "vitest";
import type {
  Environment,
  SshHostSettings,
} from "../../../components/config/environment/environment";
import { createHosts } from "../../../components/hosts";
import { meshKeys } from "../../../components/hosts/mesh/keys";
import { endpointAt } from "../../../components/hosts/mesh/mesh";
import { leaveMeshScript, meshScript } from "../../../components/hosts/mesh/scripts";
import { createShare } from "../../../components/share";
import { localEnvironment } from "../../local-environment";
import { Recorder, resolved } from "../../recorder";

const SCRIPT = "swarm:index:Script";
const KEY = "swarm:index:Key";

function machine(name: string, ssh: Partial<SshHostSettings["ssh"]> = {}): SshHostSettings {
  return {
    ...{ name, group: "rack", kind: "ssh", role: "manager", labels: {}, resources: {} },
    ssh: {
      ...{ machine: name, address: `${name}.example.org`, port: 22, user: "root", via: [] },
      ...{ key: { kind: "agent" }, setHostname: false, purge: false },
      engine: { source: "distribution" },
      ...ssh,
    },
  };
}

const hop = { address: "203.0.113.2", port: 22, user: "root", key: { kind: "agent" } } as const;
const mesh = {
  ...{ subnet: "10.203.0.0/16", port: 51820, mtu: 1420 },
  addresses: { "db-0": "10.203.0.5", "web-0": "10.203.0.3", "web-1": "10.203.0.4" },
};

async function made(hosts: readonly SshHostSettings[], share: Environment["share"]) {
  const { local: _, ...rest } = localEnvironment("one");
  const environment = { ...rest, hosts, share, swarm: { ...rest.swarm, mesh } };
  const recorder = new Recorder({
    stack: "one",
    preview: false,
    computed: {
      [KEY]: (name) => ({ salt: `salt of ${name}` }),
      "swarm:index:Machine": (name) => ({
        ...{ hostKey: "ssh-ed25519 SEEN", identity: name, complaints: [] },
        privateAddress: `private-of-${name}`,
      }),
      [SCRIPT]: () => ({ stdout: "" }),
    },
  });
  const created = await createShare(environment, { network: {} }, recorder.opts);
  const makers = await createHosts(environment, { network: {}, share: created }, recorder.opts);
  const all = makers.map((maker) => maker.make());
  await recorder.settle();
  return { recorder, all };
}

const rack = [
  machine("web-0"),
  machine("db-0", { via: [hop] }),
  machine("web-1", { meshEndpoint: "198.51.100.7:7000" }),
];
const pair = (name: string) => meshKeys(`salt of ${name}-mesh-key`);

test("each node has a key of its own and lists all others, with where their port is reached", async () => {
  const { recorder, all } = await made(rack, { kind: "none" });
  const input = recorder.inputs(SCRIPT, "db-0-mesh");
  expect(input).toMatchObject({
    create: meshScript.text,
    update: meshScript.text,
    delete: leaveMeshScript,
  });
  expect(String(input.stdin).split("\n")).toEqual([
    "10.203.0.5/16",
    "51820",
    "1420",
    pair("db-0").privateKey,
    `${pair("web-0").publicKey} web-0.example.org:51820 10.203.0.3`,
    `${pair("web-1").publicKey} 198.51.100.7:7000 10.203.0.4`,
    "",
  ]);
  // Behind a jump host it is reached at its private address.
  const seen = String(recorder.inputs(SCRIPT, "web-0-mesh").stdin);
  expect(seen).toContain(`${pair("db-0").publicKey} private-of-db-0-machine:51820 10.203.0.5\n`);
  expect(recorder.secrets(SCRIPT, "db-0-mesh")).toContain("stdin");
  expect(await Promise.all(all.map((host) => resolved(host.privateAddress)))).toEqual([
    "10.203.0.3",
    "10.203.0.5",
    "10.203.0.4",
  ]);
});

test("no script and no command line has the key, and it is not an output", async () => {
  const { recorder } = await made(rack, { kind: "none" });
  const { privateKey } = pair("db-0");
  const scripts = recorder.list().filter((one) => one.startsWith(SCRIPT));
  for (const one of scripts) {
    const { stdin: _, ...open } = recorder.inputs(SCRIPT, one.slice(SCRIPT.length + 1));
    expect(JSON.stringify(open)).not.toContain(privateKey);
  }
});

test("the order of the file changes nothing, and a node that leaves is missing from the others", async () => {
  const one = await made(rack, { kind: "none" });
  const other = await made([...rack].reverse(), { kind: "none" });
  const stdin = ({ recorder }: typeof one, name: string) =>
    String(recorder.inputs(SCRIPT, `${name}-mesh`).stdin);
  expect(stdin(other, "db-0")).toBe(stdin(one, "db-0"));
  const fewer = await made(rack.slice(0, 2), { kind: "none" });
  const gone = `${pair("web-1").publicKey} 198.51.100.7:7000 10.203.0.4\n`;
  expect(stdin(fewer, "db-0")).toBe(stdin(one, "db-0").replace(gone, ""));
});

test("a host that serves the share serves it in the mesh", async () => {
  const nfs = { kind: "nfs", path: "/data", data: "keep", options: "hard" } as const;
  const { recorder } = await made(rack, {
    ...nfs,
    ...{ server: "db-0", served: true, exported: "/data" },
  });
  expect(recorder.inputs(SCRIPT, "db-0-share").stdin).toBe("/data\n10.203.0.3 10.203.0.4\n");
  expect(recorder.inputs(SCRIPT, "web-0-share").stdin).toBe("10.203.0.5:/data\nhard\n/data\n");
});

test.each([
  [undefined, { host: "203.0.113.10" }, "203.0.113.10:51820"],
  [undefined, { host: "203.0.113.10", via: [] }, "203.0.113.10:51820"],
  [undefined, { host: "2001:db8::1" }, "[2001:db8::1]:51820"],
  [undefined, { host: "10.9.9.9", via: [hop] }, "10.0.0.1:51820"],
  ["198.51.100.7", { host: "203.0.113.10" }, "198.51.100.7:51820"],
  ["nat.example.org:7000", { host: "203.0.113.10", via: [hop] }, "nat.example.org:7000"],
] as const)("stated %s, reached at %j: its port is at %s", (stated, way, expected) => {
  expect(endpointAt(stated, way, "10.0.0.1", 51820)).toBe(expected);
});
