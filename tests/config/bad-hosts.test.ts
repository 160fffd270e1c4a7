import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

const hosts = (groups: object, rest: object = {}): Change => ({
  values: { hosts: { groups, ...rest } },
});

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "no manager",
    hosts({ platform: { role: "worker" } }),
    [
      [
        "swarmyard:hosts.groups",
        "no manager: all hosts are workers",
        "at least one host with `role: manager`; 3 or 5 survive the loss of 1 or 2",
        "`role: manager` in one of the groups platform, db, agent",
      ],
    ],
  ],
  [
    "no group",
    { values: { hosts: { groups: { platform: null, db: null, agent: null } }, platforms: null } },
    [
      [
        "swarmyard:hosts.groups",
        "no group of hosts",
        "at least one host with `role: manager`; 3 or 5 survive the loss of 1 or 2",
        "`groups: { platform: { role: manager } }`",
      ],
    ],
  ],
  [
    "a first manager that is a worker",
    { values: { swarm: { firstManager: "yard-test-db-0" } } },
    [
      [
        "swarmyard:swarm.firstManager",
        "yard-test-db-0, which is a worker",
        "yard-test-platform-0",
        "`firstManager: yard-test-platform-0`",
      ],
    ],
  ],
  [
    "a first manager that is not a host",
    { values: { swarm: { firstManager: "yard-test-platform-1" } } },
    [
      [
        "swarmyard:swarm.firstManager",
        "yard-test-platform-1, which is not a host",
        "yard-test-platform-0",
        "did you mean `yard-test-platform-0`?",
      ],
    ],
  ],
  [
    "settings of Docker engines that would break the environment",
    hosts({ agent: { daemon: { "live-restore": true, debug: true, hosts: ["tcp://0.0.0.0"] } } }),
    [
      [
        "swarmyard:hosts.groups.agent.daemon.live-restore",
        "`live-restore`, which a group cannot set: Docker does not allow it in a swarm",
        "settings of daemon.json other than hosts, bip, default-address-pools, node-generic-resources, live-restore, userns-remap, data-root",
        "remove it",
      ],
      [
        "swarmyard:hosts.groups.agent.daemon.hosts",
        "`hosts`, which a group cannot set: every connection to a Docker engine goes over SSH",
        "settings of daemon.json other than hosts, bip, default-address-pools, node-generic-resources, live-restore, userns-remap, data-root",
        "remove it",
      ],
    ],
  ],
  [
    "count next to names",
    hosts({ agent: { names: ["a", "b"] } }),
    [
      [
        "swarmyard:hosts.groups.agent.count",
        "count: 2 next to 2 names",
        "`count` or `names`, not both",
        "remove `count`",
      ],
    ],
  ],
  [
    "a setting of AWS in a local group",
    hosts({ db: { instanceType: "t3.large" } }),
    [
      [
        "swarmyard:hosts.groups.db.instanceType",
        "`instanceType` in a group of kind local",
        "only in groups of kind aws",
        "remove `instanceType`",
      ],
    ],
  ],
  [
    "an invalid host name",
    hosts({ db: { names: ["db_0"] } }),
    [
      [
        "swarmyard:hosts.groups.db.names[0]",
        '"db_0"',
        "1 to 63 lowercase letters, digits and `-`, with a letter or digit at both ends",
        "`db-0`",
      ],
    ],
  ],
  [
    "a host name that is too long",
    hosts({ db: { names: ["d".repeat(64)] } }),
    [
      [
        "swarmyard:hosts.groups.db.names[0]",
        '"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", which has 64 letters',
        "1 to 63 lowercase letters, digits and `-`, with a letter or digit at both ends",
        "a shorter name",
      ],
    ],
  ],
  [
    "a duplicate host name",
    hosts({ db: { names: ["yard-test-agent-1"] } }),
    [
      [
        "swarmyard:hosts.groups.agent",
        '"yard-test-agent-1", which group db has already',
        "a name that no other host has",
        "another name",
      ],
    ],
  ],
  [
    "AWS without region and admin networks",
    { values: { hosts: { kind: "aws" } } },
    [
      [
        "swarmyard:aws.region",
        "nothing",
        "a region, because there are hosts of kind aws",
        "`region: eu-west-1`",
      ],
      [
        "swarmyard:aws.adminCidrs",
        "nothing",
        "the networks that may reach the hosts over SSH; there is no default",
        "`adminCidrs: [<your address>/32]`",
      ],
    ],
  ],
  [
    "SSH from the whole world",
    { values: { aws: { adminCidrs: ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/7", "10.0.0.0/8"] } } },
    [0, 1, 2].map((index) => [
      `swarmyard:aws.adminCidrs[${index}]`,
      `"${["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/7"][index]}"`,
      "an IPv4 network of /8 or narrower, such as `203.0.113.0/24`",
      "`203.0.113.0/24`",
    ]),
  ],
  [
    "a directory share with hosts on AWS",
    {
      values: {
        hosts: { kind: "aws" },
        aws: { region: "eu-west-1", adminCidrs: ["203.0.113.0/24"] },
        share: { kind: "directory" },
      },
    },
    [
      [
        "swarmyard:share.kind",
        "a directory on this machine, which only local hosts can see; there are hosts of kind aws",
        "efs, nfs, none",
        "`kind: efs`",
      ],
    ],
  ],
  [
    "a shared volume without a share",
    { values: { share: { kind: "none" } } },
    [
      [
        "platforms/app: volumes.data.shared",
        "shared: true, but the environment has no share (swarmyard:share.kind is none)",
        "a share, or a volume that is not shared",
        "`kind: directory` at swarmyard:share, or `shared: false`",
      ],
    ],
  ],
  [
    "a local subnet in a pool",
    hosts({}, { local: { subnet: "10.200.0.0/18" } }),
    [
      [
        "swarmyard:swarm.addressPools[0]",
        "10.200.0.0/16, which overlaps 10.200.0.0/18, the local hosts' subnet",
        "a network that overlaps with no other",
        "a network outside 10.200.0.0/18",
      ],
    ],
  ],
  [
    "a local subnet that is too small",
    hosts({}, { local: { subnet: "10.64.0.0/24" } }),
    [
      [
        "swarmyard:hosts.local.subnet",
        "10.64.0.0/24",
        "a network of at least /22; its first 256 addresses are reserved",
        "`subnet: 10.64.0.0/16`",
      ],
    ],
  ],
  [
    "a pool that overlaps a pool",
    { values: { swarm: { addressPools: ["10.201.64.0/18"] } } },
    [
      [
        "swarmyard:swarm.platformPool",
        "10.201.0.0/16, which overlaps 10.201.64.0/18, a pool for overlay networks",
        "a network that overlaps with no other",
        "a network outside 10.201.64.0/18",
      ],
    ],
  ],
  [
    "a network in the local subnet",
    {
      spec: { networks: { default: { subnet: "10.64.7.0/24" } } },
      values: { hosts: { local: { subnet: "10.64.0.0/16" } } },
    },
    [
      [
        "platforms/app: networks.default.subnet",
        "10.64.7.0/24, which overlaps 10.64.0.0/16, the local hosts' subnet",
        "a network that overlaps with no other",
        "a network outside 10.64.0.0/16",
      ],
    ],
  ],
  [
    "two networks that overlap",
    {
      spec: {
        networks: { default: { subnet: "10.201.7.0/24" }, back: { subnet: "10.201.7.128/25" } },
      },
    },
    [
      [
        "platforms/app: networks.back.subnet",
        "10.201.7.128/25, which overlaps 10.201.7.0/24, network default of platform app",
        "a network that overlaps with no other",
        "a network outside 10.201.7.0/24",
      ],
    ],
  ],
  [
    "a gateway outside its network",
    { spec: { networks: { default: { subnet: "10.201.7.0/24", gateway: "10.201.8.1" } } } },
    [
      [
        "platforms/app: networks.default.gateway",
        "10.201.8.1, which is not in 10.201.7.0/24",
        "an address in 10.201.7.0/24",
        "remove `gateway`",
      ],
    ],
  ],
  [
    "a pool without room",
    { values: { swarm: { platformPool: "10.201.0.0/25" } } },
    [
      [
        "swarmyard:swarm.platformPool",
        "10.201.0.0/25, which has no /24 left for app.default",
        "a pool with a /24 for each network of the platforms",
        "`platformPool: 10.201.0.0/16`",
      ],
    ],
  ],
];

describe("Hosts, shares and networks that do not fit together", () => {
  test.each(cases)("fails: %s", (_name, change, expected) => {
    const { environment, problems } = readChanged(change);
    expect(problems.map(brief)).toEqual(expected);
    expect(environment).toBeUndefined();
  });
});
