import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

const rack = (group: object, world: Change["world"] = {}): Change => ({
  values: {
    hosts: { groups: { rack: { kind: "ssh", ...group } } },
    // Images are built for the platform, and no registry of this machine is seen by the rack.
    registry: { kind: "existing", address: "ghcr.io/me" },
    share: { kind: "none" },
  },
  spec: { volumes: { data: { shared: false } } },
  world,
});
const at = (...keys: string[]) => ["swarmyard:hosts.groups.rack", ...keys].join(".");
const box = { address: "203.0.113.10" };

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "a swarm that is taken over from machines that keep nothing, and with another first manager",
    {
      ...rack({ role: "manager", machines: { box }, purge: true }),
      values: {
        ...rack({ role: "manager", machines: { box }, purge: true }).values,
        swarm: { adopt: true },
      },
    },
    [
      [
        "swarmyard:swarm.firstManager",
        "yard-test-platform-0 as the first manager, which is not an existing machine",
        "a manager of the swarm that is taken over",
        "`firstManager: box`",
      ],
      [
        at("purge"),
        "`purge: true` next to `swarmyard:swarm.adopt`",
        "machines that keep their Docker engine, since they stay in their swarm",
        "remove `purge`, or `dissolve: true` in swarmyard:swarm",
      ],
    ],
  ],
  [
    "machines in Docker's own pool; no problem where their swarm is taken over, but a mesh is",
    {
      values: {
        ...rack({ role: "manager", machines: { box: { address: "10.130.2.3" } } }).values,
        swarm: {
          adopt: true,
          firstManager: "box",
          addressPools: ["10.128.0.0/9"],
          platformPool: "172.30.0.0/16",
          mesh: { subnet: "172.29.0.0/16" },
        },
      },
      spec: rack({}).spec,
    },
    [
      [
        "swarmyard:swarm.mesh",
        "a mesh with hosts of kind local",
        "a mesh of existing machines only (`kind: ssh`)",
        "remove `mesh`, or the other groups",
      ],
      [
        "swarmyard:swarm.mesh",
        "a mesh next to `adopt: true`",
        "a mesh only for a new swarm: nodes cannot change the addresses that they joined with",
        "remove `mesh`",
      ],
    ],
  ],
  [
    "a swarm to dissolve that is not taken over",
    { values: { swarm: { dissolve: true } } },
    [
      [
        "swarmyard:swarm.dissolve",
        "`dissolve: true` without `adopt: true`",
        "`dissolve` only for a swarm that is taken over; any other ends with `down`",
        "remove `dissolve`",
      ],
    ],
  ],
  [
    "a swarm to take over without machines",
    { values: { swarm: { adopt: true } } },
    [
      [
        "swarmyard:swarm.adopt",
        "`adopt: true` without existing machines",
        "a group of kind ssh with the machines that are in the swarm",
        "`npm run adopt -- -s <environment> <address of a manager>` writes one",
      ],
    ],
  ],
  [
    "no machines",
    rack({}),
    [
      [
        at("machines"),
        "no `machines` in a group of kind ssh",
        "the existing machines of the group, by name",
        "`machines: { rack-0: { address: 203.0.113.10 } }`",
      ],
    ],
  ],
  [
    "a count and fields of AWS beside machines",
    rack({ machines: { box }, count: 2, spot: true }),
    [
      [at("spot"), "`spot` in a group of kind ssh", "only in groups of kind aws", "remove `spot`"],
      [
        at("count"),
        "`count` in a group of kind ssh",
        "`machines`: a group of kind ssh lists existing machines",
        "remove `count`",
      ],
    ],
  ],
  [
    "machines in a group of another kind",
    {
      values: {
        hosts: { groups: { db: { machines: { box }, user: "ubuntu" } } },
      },
    },
    [
      [
        "swarmyard:hosts.groups.db.machines",
        "`machines` in a group of kind local",
        "only in groups of kind ssh",
        "remove `machines`",
      ],
      [
        "swarmyard:hosts.groups.db.user",
        "`user` in a group of kind local",
        "only in groups of kind ssh",
        "remove `user`",
      ],
    ],
  ],
  [
    "one machine twice",
    rack({
      port: 2222,
      machines: {
        a: { ...box, privateAddress: "10.0.0.1" },
        b: { ...box, port: 2222, privateAddress: "10.0.0.1" },
        // Behind other jump hosts the same address is another machine.
        c: { ...box, via: { address: "192.0.2.1" } },
        d: { ...box, via: [{ address: "192.0.2.2" }] },
      },
    }),
    [
      [
        at("machines.b.address"),
        "203.0.113.10:2222, which machine a has already",
        "a place that no other machine has",
        "the address of b, or remove one of the two",
      ],
      [
        at("machines.b.privateAddress"),
        "10.0.0.1, which machine a has already",
        "a place that no other machine has",
        "the privateAddress of b, or remove one of the two",
      ],
    ],
  ],
  [
    "two nodes of one name",
    rack({ machines: { a: { ...box, nodeName: "Big.example.org" }, "big-2": { address: "b" } } }),
    [],
  ],
  [
    "a node name that another host has",
    rack({ machines: { a: { ...box, nodeName: "yard-test-db-0" } } }),
    [
      [
        at("machines.a.nodeName"),
        '"yard-test-db-0", which group db has already',
        "a name that no other host has",
        "another name",
      ],
    ],
  ],
  [
    "keys that cannot be used",
    rack(
      {
        key: { file: "~/.ssh/none" },
        machines: {
          a: { ...box, key: { file: "/k", secret: "rackKey" } },
          b: { address: "b", key: { passphrase: "word" }, via: { ...box, key: {} } },
          c: { address: "c", key: { secret: "nobody" }, sudoPassword: "nobody", user: "me" },
        },
      },
      {
        exists: (path) => path !== `${process.env.HOME}/.ssh/none`,
        hasSecret: (key) => key !== "nobody",
        secretKeys: ["rackKey"],
      },
    ),
    [
      [
        at("key.file"),
        "~/.ssh/none, which does not exist on this machine",
        "the file of a private key",
        "`ssh-keygen -t ed25519`, or the path of your key",
      ],
      [
        at("machines.a.key"),
        "`file` next to `secret`",
        "one of the two, or `agent` instead of the map",
        "remove `file`",
      ],
      ...[at("machines.b.key"), at("machines.b.via.key")].map((path) => [
        path,
        "neither `file` nor `secret`",
        "one of the two, or `agent` instead of the map",
        "`{ file: ~/.ssh/id_ed25519 }`",
      ]),
      ...[at("machines.c.key.secret"), at("machines.c.sudoPassword")].map((path) => [
        path,
        '"nobody", which is not in Pulumi config',
        "the name of a secret of the environment; it has rackKey",
        "`npm run secret -- set nobody -s test`",
      ]),
    ],
  ],
  [
    "a password of sudo for root",
    rack({ machines: { a: { ...box, sudoPassword: "word" } } }),
    [
      [
        at("machines.a.sudoPassword"),
        "`sudoPassword` for the user root",
        "only for a user who becomes root with sudo",
        "remove `sudoPassword`, or name the `user`",
      ],
    ],
  ],
  [
    "values of the wrong form",
    rack({
      machines: {
        a: { address: "203.0.113.10/24", port: 0, hostKey: "SHA256:abc", privateAddress: "10.0" },
        B: box,
        c: { address: "c", key: "id_rsa", via: "bastion", nodeName: "-" },
      },
    }),
    [
      [
        at("machines.a.address"),
        '"203.0.113.10/24"',
        "an address or a host name such as `203.0.113.10`",
        "`address: 203.0.113.10`",
      ],
      [at("machines.a.port"), "0", "a whole number from 1 to 65535, such as `22`", "`port: 22`"],
      [
        at("machines.a.hostKey"),
        '"SHA256:abc"',
        "a host key as in known_hosts, without the host, such as `ssh-ed25519 AAAA…`",
        "`hostKey: ssh-ed25519 AAAA…`",
      ],
      [
        at("machines.a.privateAddress"),
        '"10.0"',
        "an IPv4 address such as `10.0.1.10`",
        "`privateAddress: 10.0.1.10`",
      ],
      [
        at("machines.B"),
        'the name "B"',
        "a name of up to 63 lowercase letters, digits and `-`, such as `db-0`",
        "`b`",
      ],
      [
        at("machines.c.key"),
        '"id_rsa"',
        "`agent`, `{ file: ~/.ssh/id_ed25519 }` or `{ secret: rackKey }`",
        "`key: agent`",
      ],
      [
        at("machines.c.via"),
        '"bastion"',
        "a jump host such as `{ address: 203.0.113.2 }`, or a list of them",
        "`via: { address: 203.0.113.2 }`",
      ],
      [
        at("machines.c.nodeName"),
        '"-"',
        "a hostname of up to 63 letters, digits, `-` and `.`, such as `db-0`",
        "`nodeName: db-0`",
      ],
    ],
  ],
  [
    "a share and a registry that a rack does not see",
    {
      values: {
        hosts: { groups: { rack: { kind: "ssh", machines: { box } } } },
        share: { kind: "directory" },
        registry: { kind: "local" },
      },
    },
    [
      [
        "swarmyard:share.kind",
        "a directory on this machine, which only local hosts can see; there are hosts of kind ssh",
        "none",
        "`kind: none`",
      ],
      [
        "swarmyard:registry",
        "local, a registry that only local hosts can reach",
        "a registry that every host can reach",
        "`kind: existing` and `address: ghcr.io/my-team`",
      ],
    ],
  ],
];

describe("Existing machines that do not fit", () => {
  test.each(cases)("%s", (_name, change, expected) => {
    expect(readChanged(change).problems.map(brief)).toEqual(expected);
  });
});
