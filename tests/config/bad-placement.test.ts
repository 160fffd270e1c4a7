import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

const svc = (web: object): Change => ({ spec: { services: { web } } });

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "start-first without room for one more task",
    svc({
      ports: [{ target: 80, published: 8080, mode: "host" }],
      placement: { constraints: ["node.labels.db == true"] },
      update: { order: "start-first" },
      rollback: { order: "start-first" },
    }),
    ["update", "rollback"].map((policy) => [
      `platforms/app: services.web.${policy}.order`,
      "start-first for service web, whose 1 of 1 places are taken (a port in mode host is free once on a node)",
      "stop-first, or a place for one more task",
      `\`${policy}: { order: stop-first }\``,
    ]),
  ],
  [
    "a label that no node has",
    svc({ placement: { constraints: ["node.labels.gpu == true"] } }),
    [
      [
        "platforms/app: services.web.placement.constraints[0]",
        '"node.labels.gpu == true" of service web, but no node has the label `gpu`',
        "platform=true, target=platform on yard-test-platform-0 | db=true, target=db on yard-test-db-0 | agent=true, target=agent on yard-test-agent-0, yard-test-agent-1",
        "`labels: [gpu]` in a group of swarmyard:hosts",
      ],
    ],
  ],
  [
    "a label near one that nodes have",
    svc({ placement: { constraints: ["node.labels.agnet == true"] } }),
    [
      [
        "platforms/app: services.web.placement.constraints[0]",
        '"node.labels.agnet == true" of service web, but no node has the label `agnet`',
        "platform=true, target=platform on yard-test-platform-0 | db=true, target=db on yard-test-db-0 | agent=true, target=agent on yard-test-agent-0, yard-test-agent-1",
        "did you mean `node.labels.agent`?",
      ],
    ],
  ],
  [
    "a constraint that no node meets",
    svc({ placement: { constraints: ["node.role == manager", "node.labels.db == true"] } }),
    [
      [
        "platforms/app: services.web.placement.constraints",
        '"node.role == manager", "node.labels.db == true" of service web, which no node meets',
        'what a node has: yard-test-platform-0: node.labels.db is not set | yard-test-db-0: node.role is "worker" | yard-test-agent-0, yard-test-agent-1: node.role is "worker"; node.labels.db is not set',
        "a constraint that a node meets, or `labels` for a group in swarmyard:hosts",
      ],
    ],
  ],
  [
    "a value that no node's label has",
    svc({ placement: { constraints: ["node.labels.target == web"] } }),
    [
      [
        "platforms/app: services.web.placement.constraints[0]",
        '"node.labels.target == web" of service web, which no node meets',
        'what a node has: yard-test-platform-0: node.labels.target is "platform" | yard-test-db-0: node.labels.target is "db" | yard-test-agent-0, yard-test-agent-1: node.labels.target is "agent"',
        "a constraint that a node meets, or `labels` for a group in swarmyard:hosts",
      ],
    ],
  ],
  [
    "a generic resource that no node has",
    svc({ resources: { reservations: { generic: { "NVIDIA-GPU": 1 } } } }),
    [
      [
        "platforms/app: services.web.resources.reservations.generic",
        "1 NVIDIA-GPU of service web, which no node meets",
        "what a node has: yard-test-platform-0, yard-test-db-0, yard-test-agent-0, yard-test-agent-1: reserves 1 NVIDIA-GPU, the node has 0",
        "`resources: { NVIDIA-GPU: 1 }` for a group in swarmyard:hosts, or a smaller reservation",
      ],
    ],
  ],
  [
    "a platform that no node is of",
    svc({ placement: { platforms: ["windows/amd64"] } }),
    [
      [
        "platforms/app: services.web.placement.platforms",
        "windows/amd64 of service web, which no node meets",
        "what a node has: yard-test-platform-0, yard-test-db-0, yard-test-agent-0, yard-test-agent-1: the image is for windows/amd64, the node is linux/?",
        "`linux/amd64`, or whatever the nodes are",
      ],
    ],
  ],
  [
    "more replicas than nodes have room for",
    svc({
      replicas: 3,
      placement: { constraints: ["node.labels.agent == true"], maxReplicasPerNode: 1 },
    }),
    [
      [
        "platforms/app: services.web.replicas",
        "3 replicas of service web, of which 2 have room on yard-test-agent-0, yard-test-agent-1",
        "at most 2: `placement.maxReplicasPerNode: 1`",
        "`replicas: 2`",
      ],
    ],
  ],
  [
    "more replicas than ports in mode host",
    {
      values: {
        swarm: { publish: "host" },
        platforms: { app: { services: { web: { replicas: 5 } } } },
      },
    },
    [
      [
        "swarmyard:platforms.app.services.web.replicas",
        "5 replicas of service web, of which 4 have room on yard-test-platform-0, yard-test-db-0, yard-test-agent-0, yard-test-agent-1",
        "at most 4: a port in mode host is free once on a node",
        "`replicas: 4`, or `route: <host name>` in place of the published port, with the platform traefik",
      ],
    ],
  ],
];

describe("Services that no node can run", () => {
  test.each(cases)("fails: %s", (_name, change, expected) => {
    const { environment, problems } = readChanged(change);
    expect(problems.map(brief)).toEqual(expected);
    expect(environment).toBeUndefined();
  });
});
