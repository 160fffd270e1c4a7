import { expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { readChanged } from "./yard";

const values = {
  hosts: {
    groups: {
      platform: null,
      db: null,
      agent: null,
      rack: {
        kind: "ssh",
        role: "manager",
        labels: ["platform", "db"],
        user: "ubuntu",
        port: 2222,
        key: { file: "~/.ssh/rack", passphrase: "rackPassphrase" },
        sudoPassword: "rackSudo",
        via: { address: "203.0.113.2" },
        setHostname: true,
        machines: {
          "db-0": { address: "10.0.0.10" },
          gpu: {
            address: "gpu.example.org",
            port: 22,
            user: "root",
            key: "agent",
            hostKey: "ssh-ed25519 AAAA gpu",
            via: [
              { address: "192.0.2.1", user: "jump", key: { secret: "jumpKey" }, port: 2200 },
              { address: "192.0.2.2", hostKey: "ssh-ed25519 BBBB" },
            ],
            privateAddress: "10.0.0.11",
            nodeName: "Gpu.example.org",
          },
        },
      },
    },
  },
  registry: { kind: "existing", address: "ghcr.io/me" },
  platforms: { app: null },
};

test("machines have what is theirs, then what is their group's, then defaults", () => {
  const { environment, problems } = readChanged({ values, spec: { volumes: { data: null } } });
  expect(problems).toEqual([]);
  const common = { setHostname: true, purge: false, engine: { source: "distribution" } };
  const rack = { kind: "file", path: "~/.ssh/rack", passphrase: "rackPassphrase" };
  expect(environment?.hosts).toEqual([
    {
      name: "db-0",
      group: "rack",
      kind: "ssh",
      role: "manager",
      labels: { platform: "true", db: "true" },
      resources: {},
      ssh: {
        machine: "db-0",
        address: "10.0.0.10",
        port: 2222,
        user: "ubuntu",
        key: rack,
        sudoPassword: "rackSudo",
        // A jump host has the user and the key of its machine, not its port.
        via: [{ address: "203.0.113.2", port: 22, user: "ubuntu", key: rack }],
        ...common,
      },
    },
    {
      name: "Gpu.example.org",
      group: "rack",
      kind: "ssh",
      role: "manager",
      labels: { platform: "true", db: "true" },
      resources: {},
      ssh: {
        machine: "gpu",
        address: "gpu.example.org",
        port: 22,
        user: "root",
        key: { kind: "agent" },
        hostKey: "ssh-ed25519 AAAA",
        sudoPassword: "rackSudo",
        privateAddress: "10.0.0.11",
        via: [
          {
            address: "192.0.2.1",
            port: 2200,
            user: "jump",
            key: { kind: "secret", secret: "jumpKey" },
          },
          {
            address: "192.0.2.2",
            port: 22,
            user: "root",
            key: { kind: "agent" },
            hostKey: "ssh-ed25519 BBBB",
          },
        ],
        ...common,
      },
    },
  ]);
  expect(environment?.share).toEqual({ kind: "none" });
  expect(environment?.swarm.firstManager).toBe("db-0");
  expect(environment?.groups.rack?.hosts).toEqual(["db-0", "Gpu.example.org"]);
});

test("machines stand beside hosts of other kinds", () => {
  const box = { kind: "ssh", machines: { box: { address: "203.0.113.10" } } };
  const { environment, problems } = readChanged({
    values: {
      hosts: { groups: { box } },
      share: { kind: "none" },
      registry: { kind: "existing", address: "ghcr.io/me" },
    },
    spec: { volumes: { data: { shared: false } } },
  });
  expect(problems).toEqual([]);
  expect(environment?.hosts.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    "local yard-test-platform-0",
    "local yard-test-db-0",
    "local yard-test-agent-0",
    "local yard-test-agent-1",
    "ssh box",
  ]);
});

test("a firewall is off unless the group says otherwise, and then opens to nobody else", () => {
  const firewallOf = (firewall: PlainMap | boolean) => {
    const { groups } = values.hosts;
    const rack = { ...groups.rack, firewall };
    const { environment, problems } = readChanged({
      values: { ...values, hosts: { groups: { ...groups, rack } } },
      spec: { volumes: { data: null } },
    });
    const [host] = environment?.hosts ?? [];
    return problems.length > 0 || host?.kind !== "ssh"
      ? problems.map(({ allowed }) => allowed)
      : host.ssh.firewall;
  };
  expect(firewallOf(false)).toBe(undefined);
  expect(firewallOf(true)).toEqual({ from: [], nodes: [] });
  expect(firewallOf({ from: ["203.0.113.0/24", "2001:db8::/32"] })).toEqual({
    from: ["203.0.113.0/24", "2001:db8::/32"],
    nodes: [],
  });
  expect(firewallOf({ nodes: ["198.51.100.7/32"] })).toEqual({
    from: [],
    nodes: ["198.51.100.7/32"],
  });
  for (const wrong of ["203.0.113.0/33", "203.0.113.7", "2001:db8::/129", "::1::/64"]) {
    expect(JSON.stringify(firewallOf({ from: [wrong] }))).toContain(
      "a network such as `203.0.113.0/24` or `2001:db8::/32`",
    );
  }
});
