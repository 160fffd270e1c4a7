import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, type Change, readChanged } from "./yard";

function problems(change: Change): readonly (readonly string[])[] {
  return readChanged(change).problems.map(brief);
}

const swarm = (settings: PlainMap): Change => ({ values: { swarm: settings } });

describe("settings of the swarm itself", () => {
  test("are none where the file says nothing", () => {
    expect(readChanged().environment?.swarm).toEqual({
      firstManager: "yard-test-platform-0",
      addressPools: ["10.200.0.0/16"],
      platformPool: "10.201.0.0/16",
      discovery: "vip",
      publish: "ingress",
      hostname: "container",
      drainTimeout: "1m",
    });
    const hosts = readChanged().environment?.hosts ?? [];
    expect(hosts.filter((host) => "addresses" in host)).toEqual([]);
  });

  test("are what the file says", () => {
    const settings = {
      ...{ autolock: true, rotateUnlockKey: "2026-11", certificateExpiry: "720h", taskHistory: 2 },
      ...{ rotateTokens: true, tokenFiles: true, addressPoolMask: 26, dataPathPort: 7789 },
      ...{ ingress: { subnet: "10.202.0.0/16" }, mtu: 1400, encrypted: false },
    };
    expect(readChanged(swarm(settings)).environment?.swarm).toMatchObject({
      ...settings,
      ingress: { subnet: "10.202.0.0/16", mtu: 1400 },
    });
  });

  test.each<[string, PlainMap, string]>([
    ["a certificate for less than an hour", { certificateExpiry: "59m" }, "certificateExpiry"],
    [
      "a certificate for longer than a duration holds",
      { certificateExpiry: "2501h" },
      "certificateExpiry",
    ],
    ["a low data path port", { dataPathPort: 1023 }, "dataPathPort"],
    ["a high data path port", { dataPathPort: 49152 }, "dataPathPort"],
    ["subnets of two addresses", { addressPoolMask: 30 }, "addressPoolMask"],
    ["packets that IPv4 does not allow", { mtu: 500 }, "mtu"],
    ["a history of less than nothing", { taskHistory: -1 }, "taskHistory"],
    [
      "an interface with a longer name than the kernel's",
      { advertise: "interface-of-mine" },
      "advertise",
    ],
    ["port 0", { listen: "eth0:0" }, "listen"],
    ["a port beyond the last", { listen: "eth0:65536" }, "listen"],
    ["a port of the data path", { dataPath: "eth0:4789" }, "dataPath"],
    ["an address with 256", { advertise: "10.0.0.256" }, "advertise"],
  ])("refuse %s", (_, settings, key) => {
    expect(problems(swarm(settings)).map(([path]) => path)).toEqual([`swarmyard:swarm.${key}`]);
  });

  test("contradictions are refused with the way out", () => {
    const settings = {
      ...{ rotateUnlockKey: "a", dataPathPort: 7946, tokenFiles: true },
      ...{ addressPools: ["10.200.0.0/26"], addressPoolMask: 25 },
    };
    const volumes = { data: { shared: false, seed: null } };
    const share = { kind: "none" };
    expect(problems({ values: { share, swarm: settings }, spec: { volumes } })).toEqual([
      [
        "swarmyard:swarm.dataPathPort",
        "7946, by which nodes find each other",
        "another port from 1024 to 49151",
        "`dataPathPort: 4789`",
      ],
      [
        "swarmyard:swarm.rotateUnlockKey",
        '"a" without `autolock: true`',
        "a new unlock key only where the swarm has one",
        "`autolock: true`, or remove `rotateUnlockKey`",
      ],
      [
        "swarmyard:swarm.tokenFiles",
        "true next to a share of kind none",
        "token files where hosts have a share",
        "`tokenFiles: false`, or another kind of share",
      ],
      [
        "swarmyard:swarm.addressPools[0]",
        "10.200.0.0/26, which is smaller than one network",
        "a pool of at least /25: swarm takes a /25 for each network",
        "`10.200.0.0/25`",
      ],
    ]);
  });

  test("the network of published ports overlaps with no other", () => {
    expect(problems(swarm({ ingress: { subnet: "10.201.128.0/17" } }))).toEqual([
      [
        "swarmyard:swarm.ingress.subnet",
        "10.201.128.0/17, which overlaps 10.201.0.0/16, the platforms' pool",
        "a network that overlaps with no other",
        "a network outside 10.201.0.0/16",
      ],
    ]);
  });

  test("the data path's port is no longer free for services, and the usual one is", () => {
    const ports = (published: number) => ({
      services: { web: { ports: [{ target: 80, published, protocol: "udp" }] }, redis: null },
      open: null,
    });
    const other = { swarm: { dataPathPort: 7789 } };
    const found = (values: PlainMap, published: number) =>
      problems({ values, spec: ports(published) }).filter(([, what]) =>
        what?.includes("the nodes need"),
      );
    expect(found(other, 4789)).toEqual([]);
    expect(found(other, 7789).map(([, what]) => what)).toEqual([
      "7789/udp of service web, which the nodes need for overlay networks",
    ]);
    expect(found({}, 4789)).toHaveLength(1);
  });
});

describe("addresses of nodes", () => {
  test("are the swarm's, and a group's own come first", () => {
    const values = {
      swarm: { advertise: "eth0", listen: "eth0:7777" },
      hosts: { groups: { db: { listen: "0.0.0.0:2377", dataPath: "eth0" } } },
    };
    const hosts = readChanged({ values }).environment?.hosts ?? [];
    expect(hosts.map(({ name, addresses }) => [name, addresses])).toEqual([
      ["yard-test-platform-0", { advertise: "eth0", listen: "eth0:7777" }],
      ["yard-test-db-0", { advertise: "eth0", listen: "0.0.0.0:2377", dataPath: "eth0" }],
      ["yard-test-agent-0", { advertise: "eth0", listen: "eth0:7777" }],
      ["yard-test-agent-1", { advertise: "eth0", listen: "eth0:7777" }],
    ]);
  });

  test("that several hosts would share, or that local hosts do not have, are refused", () => {
    const values = {
      swarm: { advertise: "0.0.0.0", listen: "eth1:7777" },
      hosts: { groups: { agent: { dataPath: "10.0.0.7" }, db: { dataPath: "10.0.0.7" } } },
    };
    expect(problems({ values })).toEqual([
      [
        "swarmyard:swarm.advertise",
        "0.0.0.0",
        "an address or interface at which other nodes reach this one",
        "`advertise: eth0`",
      ],
      [
        "swarmyard:swarm.listen",
        "eth1:7777; yard-test-platform-0 is a local host, which has the interface eth0 only",
        "eth0",
        "`listen: eth0:7777`",
      ],
      [
        "swarmyard:hosts.groups.agent.dataPath",
        "10.0.0.7, the same address for 2 hosts",
        "an interface, or an address in a group of one host",
        "`dataPath: eth0`",
      ],
    ]);
  });

  test("machines on AWS have no other port, and no address in a pool", () => {
    const values = {
      hosts: {
        kind: "aws",
        groups: { db: { listen: "eth0:7777", privateAddresses: ["10.200.3.4"] } },
      },
      aws: {
        region: "eu-west-1",
        adminCidrs: ["203.0.113.0/24"],
        vpc: { id: "vpc-0123", subnets: { "eu-west-1a": "subnet-0123" } },
      },
    };
    const found = problems({ values }).filter(([path]) => /listen|addressPools/.test(path ?? ""));
    expect(found).toEqual([
      [
        "swarmyard:swarm.addressPools[0]",
        "10.200.0.0/16, which has the address of yard-test-db-0 (10.200.3.4)",
        "a network without addresses of hosts",
        "another network",
      ],
      [
        "swarmyard:hosts.groups.db.listen",
        "eth0:7777; between machines on AWS only port 2377 is open",
        "no port, or 2377",
        "`listen: eth0`",
      ],
    ]);
  });
});

test("machines with an address in a network that swarm gives away", () => {
  const machines = {
    inner: { address: "203.0.113.10", privateAddress: "10.201.0.9" },
    dialed: { address: "10.200.3.4" },
    // What a jump host dials may be anything; a name too.
    behind: { address: "10.200.3.5", via: { address: "203.0.113.2" } },
    named: { address: "db.example.org" },
  };
  const values = {
    hosts: { groups: { rack: { kind: "ssh", machines } } },
    registry: { kind: "existing", address: "ghcr.io/me" },
    share: { kind: "none" },
  };
  const found = problems({ values }).filter(([path]) => path?.startsWith("swarmyard:swarm"));
  expect(found.map(([path, what]) => [path, what])).toEqual([
    [
      "swarmyard:swarm.addressPools[0]",
      "10.200.0.0/16, which has the address of dialed (10.200.3.4)",
    ],
    ["swarmyard:swarm.platformPool", "10.201.0.0/16, which has the address of inner (10.201.0.9)"],
  ]);
});

test("a firewall would keep nodes away whose addresses AWS chooses", () => {
  const found = (firewall: unknown) => {
    const groups = {
      db: { privateAddresses: ["10.0.3.4"] },
      agent: { count: 1 },
      rack: { kind: "ssh", machines: { a: { address: "203.0.113.10" } }, firewall },
    };
    const aws = {
      region: "eu-west-1",
      adminCidrs: ["203.0.113.0/24"],
      vpc: { id: "vpc-0123", subnets: { "eu-west-1a": "subnet-0123" } },
    };
    const all = problems({ values: { hosts: { kind: "aws", groups }, aws } });
    return all.filter(([path]) => path === "swarmyard:hosts.groups.rack.firewall");
  };
  expect(found(true)).toEqual([
    [
      "swarmyard:hosts.groups.rack.firewall",
      expect.stringMatching(/^a firewall next to yard-test-\S+, whose address is not known before/),
      "nodes whose addresses or networks are known",
      "`firewall: { nodes: [<the subnet of these machines>] }`, or their `privateAddresses`",
    ],
  ]);
  expect(found({ nodes: ["10.0.0.0/16"] })).toEqual([]);
  expect(found(false)).toEqual([]);
});

describe("overlay networks", () => {
  const networks = (settings: PlainMap, spec: PlainMap = {}) =>
    readChanged({ ...swarm(settings), spec: { networks: spec } }).environment?.platforms[0]?.plan
      .networks;

  test("have the packets and the encryption of the environment, unless they say otherwise", () => {
    const mtu = "com.docker.network.driver.mtu";
    const stated = { back: { encrypted: false, options: { [mtu]: "9000", other: "x" } } };
    const found = networks({ mtu: 1400, encrypted: true }, stated);
    expect(found?.default).toMatchObject({ encrypted: true, options: { [mtu]: "1400" } });
    expect(found?.back).toMatchObject({ encrypted: false, options: { [mtu]: "9000", other: "x" } });
  });

  test("have neither where the environment says nothing, and other drivers never have", () => {
    expect(networks({})?.default).not.toHaveProperty("options");
    expect(networks({})?.default).not.toHaveProperty("encrypted");
    const found = networks({ mtu: 1400, encrypted: true }, { flat: { driver: "weave" } });
    expect(found?.flat).not.toHaveProperty("options");
    expect(found?.flat).not.toHaveProperty("encrypted");
  });

  test("on a kernel without ESP are warned about by name, however they became encrypted", () => {
    const warnings = (change: Change, esp?: boolean) =>
      readChanged({ ...change, world: esp === undefined ? {} : { esp } })
        .warnings.map(brief)
        .filter(([, found]) => found?.includes("ESP"));
    const everywhere = swarm({ encrypted: true });
    expect(warnings(everywhere, true)).toEqual([]);
    expect(warnings(everywhere)).toEqual([]);
    expect(warnings(swarm({}), false)).toEqual([]);
    expect(warnings(everywhere, false)).toEqual([
      [
        "swarmyard:swarm.encrypted",
        "encrypted networks (app.default); the kernel of this machine has no ESP, so tasks on different hosts would not reach each other",
        "encryption where the kernel has the module `esp4`",
        "`encrypted: false` in this environment, or load the module: `modprobe esp4`",
      ],
    ]);
    const own = { spec: { networks: { default: { encrypted: true } } } };
    expect(warnings(own, false).map(([path]) => path)).toEqual(["swarmyard:platforms"]);
  });
});
