import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

const hosts = (groups: object, rest: object = {}): Change => ({
  values: { hosts: { groups, ...rest } },
});

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "no hosts at all",
    { values: { hosts: null } },
    [
      [
        "swarmyard:hosts",
        "nothing",
        "a map with kind, groups, local, labelKey, such as `{ groups: { platform: { role: manager } } }`",
        "`hosts: { groups: { platform: { role: manager } } }`",
      ],
    ],
  ],
  [
    "a Docker engine that there is not",
    hosts({ db: { engine: "debian-11" } }, { local: { engine: 20.1 } }),
    [
      [
        "swarmyard:hosts.groups.db.engine",
        '"debian-11"',
        "debian-13, debian-12, debian-sid",
        "did you mean `debian-13`?",
      ],
      [
        "swarmyard:hosts.local.engine",
        "20.1",
        "debian-13, debian-12, debian-sid",
        "`engine: debian-13`",
      ],
    ],
  ],
  [
    "an unknown setting",
    { values: { platfroms: {} } },
    [
      [
        "swarmyard:platfroms",
        "an unknown key",
        "base, prefix, timeToLive, protected, hosts, share, registry, registries, swarm, aws, standIns, platforms",
        "did you mean `platforms`?",
      ],
    ],
  ],
  [
    "a prefix of the wrong type",
    { values: { prefix: 7 } },
    [
      [
        "swarmyard:prefix",
        "7",
        "up to 20 lowercase letters, digits and `-`, such as `yard`",
        "`prefix: yard`",
      ],
    ],
  ],
  [
    "a prefix that no host name can begin with",
    { values: { prefix: "Yard" } },
    [
      [
        "swarmyard:prefix",
        '"Yard"',
        "up to 20 lowercase letters, digits and `-`, such as `yard`",
        "`prefix: yard`",
      ],
    ],
  ],
  [
    "an unknown key of a group",
    hosts({ db: { cuont: 2 } }),
    [
      [
        "swarmyard:hosts.groups.db.cuont",
        "an unknown key",
        "kind, role, labels, count, names, resources, daemon, only, engine, advertise, listen, dataPath, instanceType, disk, spot, zones, privateAddresses, tags, image, machines, port, user, key, sudoPassword, hostKey, via, sshConfig, setHostname, enginePackages, engineVersion, firewall, purge",
        "did you mean `count`?",
      ],
    ],
  ],
  [
    "an unknown key that is near no other",
    hosts({ db: { colour: "red" } }),
    [
      [
        "swarmyard:hosts.groups.db.colour",
        "an unknown key",
        "kind, role, labels, count, names, resources, daemon, only, engine, advertise, listen, dataPath, instanceType, disk, spot, zones, privateAddresses, tags, image, machines, port, user, key, sudoPassword, hostKey, via, sshConfig, setHostname, enginePackages, engineVersion, firewall, purge",
        "remove `colour`",
      ],
    ],
  ],
  [
    "a wrong type",
    hosts({ db: { count: "three" } }),
    [
      [
        "swarmyard:hosts.groups.db.count",
        '"three"',
        "a whole number from 0 to 500, such as `1`",
        "`count: 1`",
      ],
    ],
  ],
  [
    "a number out of range",
    hosts({ db: { count: 1.5 } }),
    [
      [
        "swarmyard:hosts.groups.db.count",
        "1.5",
        "a whole number from 0 to 500, such as `1`",
        "`count: 1`",
      ],
    ],
  ],
  [
    "a wrong word near a right one",
    hosts({ db: { role: "managr" } }),
    [["swarmyard:hosts.groups.db.role", '"managr"', "manager, worker", "did you mean `manager`?"]],
  ],
  [
    "a wrong word near no other",
    { values: { swarm: { publish: "dns" } } },
    [["swarmyard:swarm.publish", '"dns"', "ingress, host", "`publish: ingress`"]],
  ],
  [
    "a label of the wrong type",
    hosts({ db: { labels: [3] } }),
    [
      [
        "swarmyard:hosts.groups.db.labels[0]",
        "3",
        "a label of letters, digits, `.`, `-` and `_` such as `db`",
        "`db`",
      ],
    ],
  ],
  [
    "labels that are text",
    hosts({ db: { labels: "db" } }),
    [
      [
        "swarmyard:hosts.groups.db.labels",
        '"db"',
        "a list such as `[db]` or a map such as `{ zone: a }`",
        "`labels: [db]`",
      ],
    ],
  ],
  [
    "a group's name with capitals",
    hosts({ Web: {} }),
    [
      [
        "swarmyard:hosts.groups.Web",
        'the name "Web"',
        "a name of lowercase letters, digits and `-` that starts and ends with a letter or digit",
        "`web`",
      ],
    ],
  ],
  [
    "a duration without unit",
    { values: { swarm: { drainTimeout: "60" } } },
    [
      [
        "swarmyard:swarm.drainTimeout",
        '"60"',
        "a duration such as `30s`, with a unit (ms, s, m, h)",
        "`drainTimeout: 1m`",
      ],
    ],
  ],
  [
    "a number that TypeScript has rounded, as text of a task",
    { spec: { services: { web: { env: { BUILD: Number("12345678901234567890") } } } } },
    [
      [
        "platforms/app: services.web.env.BUILD",
        "12345678901234567000, a number that may have been rounded",
        "text, in quotes when it is a long number",
        "quotes",
      ],
    ],
  ],
  [
    "a CIDR that is none",
    { values: { swarm: { platformPool: "10.201.0.0" } } },
    [
      [
        "swarmyard:swarm.platformPool",
        '"10.201.0.0"',
        "an IPv4 network such as `10.201.0.0/16`",
        "`platformPool: 10.201.0.0/16`",
      ],
    ],
  ],
];

describe("Values of the wrong kind", () => {
  test.each(cases)("fails: %s", (_name, change, expected) => {
    const { environment, problems } = readChanged(change);
    expect(problems.map(brief)).toEqual(expected);
    expect(environment).toBeUndefined();
  });
});
