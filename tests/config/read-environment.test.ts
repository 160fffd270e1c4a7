import { describe, expect, test } from "vitest";
import type { Environment } from "../../components/config/environment/environment";
import type { World } from "../../components/config/preflight/flight";
import { type Change, readChanged } from "./yard";

function read(change: Change = {}): Environment {
  const { environment, problems } = readChanged(change);
  expect(problems).toEqual([]);
  return environment as Environment;
}

describe("defaults", () => {
  test("are all filled in", () => {
    const { platforms: _, hosts: __, groups: ___, ...rest } = read();
    expect(rest).toEqual({
      name: "test",
      prefix: "yard",
      local: {
        subnet: expect.stringMatching(/^10\.\d+\.0\.0\/16$/),
        sshPortBase: 20000,
        portOffset: expect.any(Number),
        engine: "debian-13",
      },
      share: { kind: "directory", path: "/mnt/share", data: "delete" },
      registry: { kind: "local" },
      registries: {},
      swarm: {
        firstManager: "yard-test-platform-0",
        addressPools: ["10.200.0.0/16"],
        platformPool: "10.201.0.0/16",
        discovery: "vip",
        publish: "ingress",
        hostname: "container",
        drainTimeout: "1m",
      },
    });
  });

  test("are overridden by the file", () => {
    const { prefix, local, share, swarm } = read({
      values: {
        prefix: "blue",
        hosts: { local: { subnet: "10.70.0.0/16", sshPortBase: 30000, portOffset: 7 } },
        share: { path: "/data", data: "keep" },
        swarm: {
          discovery: "dnsrr",
          publish: "host",
          drainTimeout: "5m",
          addressPools: ["10.210.0.0/16"],
        },
      },
    });
    expect(prefix).toBe("blue");
    expect(local).toEqual({
      subnet: "10.70.0.0/16",
      sshPortBase: 30000,
      portOffset: 7,
      engine: "debian-13",
    });
    expect(share).toEqual({ kind: "directory", path: "/data", data: "keep" });
    expect(swarm).toMatchObject({
      firstManager: "blue-test-platform-0",
      addressPools: ["10.210.0.0/16"],
      drainTimeout: "5m",
    });
  });

  test("of the share follow the kind of the hosts", () => {
    const aws = { region: "eu-west-1", adminCidrs: ["203.0.113.0/24"] };
    expect(read({ values: { hosts: { kind: "aws" }, aws } }).share.kind).toBe("efs");
  });

  test("of a group or platform without a value are those of an empty one", () => {
    const hosts = { groups: { platform: { role: "manager" }, spare: null } };
    const { groups, platforms } = read({
      exact: { hosts, platforms: { app: null } },
      spec: { services: { redis: { placement: null } } },
    });
    expect(platforms).toHaveLength(1);
    expect(groups.spare).toEqual({
      kind: "local",
      role: "worker",
      hosts: ["yard-test-spare-0"],
      labels: {},
      resources: {},
    });
  });
});

describe("groups", () => {
  test("of one label also set the label key", () => {
    const labels = (labelKey: unknown, list: unknown) =>
      read({ values: { hosts: { ...{ labelKey }, groups: { x: { labels: list } } } } }).groups.x
        ?.labels;
    expect(labels("target", ["db"])).toEqual({ db: "true", target: "db" });
    expect(labels("kind", ["db"])).toEqual({ db: "true", kind: "db" });
    expect(labels("", ["db"])).toEqual({ db: "true" });
    expect(labels("target", ["db", "agent"])).toEqual({ db: "true", agent: "true" });
    expect(labels("target", { service: true, rack: 7 })).toEqual({ service: "true", rack: "7" });
  });

  test("with `only` are in those environments alone", () => {
    const groups = (only: string[]) =>
      Object.keys(read({ values: { hosts: { groups: { mysql: { only } } } } }).groups);
    expect(groups(["prod"])).not.toContain("mysql");
    expect(groups(["prod", "test"])).toContain("mysql");
  });

  test("have the Docker engine that they state, else that of the local hosts, else what was kept", () => {
    const groups = { db: { engine: "debian-sid" } };
    const engines = (local: unknown, world: World = {}) => {
      const { hosts } = read({ values: { hosts: { local, groups } }, world });
      return hosts.map((host) => host.kind === "local" && host.engine);
    };
    expect(engines({})).toEqual(["debian-13", "debian-sid", "debian-13", "debian-13"]);
    const kept = { kept: { engine: "debian-12" } } as const;
    expect(engines({}, kept)).toEqual(["debian-12", "debian-sid", "debian-12", "debian-12"]);
    expect(new Set(engines({ engine: "debian-sid" }, kept))).toEqual(new Set(["debian-sid"]));
  });

  test("list hosts in the file's order", () => {
    expect(read().hosts.map(({ name, group, role }) => `${name} ${group} ${role}`)).toEqual([
      "yard-test-platform-0 platform manager",
      "yard-test-db-0 db worker",
      "yard-test-agent-0 agent worker",
      "yard-test-agent-1 agent worker",
    ]);
  });
});

describe("platforms", () => {
  test("take the file's changes, merged by key; null removes", () => {
    const app = {
      services: {
        web: { replicas: 3, dependsOn: null, env: { PORT: 80 } },
        redis: { image: "redis:8" },
      },
    };
    const [platform] = read({ exact: { platforms: { app } } }).platforms;
    const services = platform?.plan.services;
    expect(services?.web).toMatchObject({ replicas: 3, env: { PORT: "80" }, dependsOn: {} });
    expect(services?.redis).toMatchObject({
      image: { kind: "reference", reference: "redis:8" },
      placement: { constraints: ["node.labels.db == true"] },
    });
  });

  test("get networks, endpoint and publish mode from the environment", () => {
    const [platform] = read({
      values: { swarm: { discovery: "dnsrr", publish: "host" } },
      spec: { networks: null },
    }).platforms;
    expect(platform?.from).toBe("app");
    expect(platform?.plan.networks).toMatchObject({
      default: { name: "app_default", subnet: expect.stringMatching(/^10\.201\.\d+\.0\/24$/) },
    });
    expect(platform?.plan.services.web).toMatchObject({
      networks: { default: { name: "app_default", aliases: ["web"] } },
      endpointMode: "dnsrr",
      ports: [{ target: 80, published: 8080, mode: "host" }],
    });
  });

  test("may exist twice under two names when their ports differ", () => {
    const again = { from: "app", services: { web: { ports: [{ target: 80, published: 8081 }] } } };
    const { platforms } = read({ values: { platforms: { again } } });
    expect(platforms.map(({ name }) => name)).toEqual(["app", "again"]);
    const subnets = platforms.map(({ plan }) => plan.networks.default?.subnet);
    expect(new Set(subnets).size).toBe(2);
  });

  test("may use another platform's network and the same port with another protocol", () => {
    const again = {
      from: "app",
      networks: { default: { external: true, name: "app_default" } },
      services: { web: { ports: [{ target: 80, published: 8080, protocol: "udp" }] } },
      open: null,
    };
    const { platforms } = read({ exact: { platforms: { app: null, again } } });
    expect(platforms).toHaveLength(2);
    expect(platforms[1]).toMatchObject({ name: "again", from: "app" });
    expect(platforms[1]?.plan).not.toHaveProperty("open");
    expect(platforms[1]?.plan.networks).toEqual({
      default: {
        kind: "external",
        name: "app_default",
        owner: { platform: "app", key: "default" },
      },
    });
  });
});
