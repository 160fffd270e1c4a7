import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

const svc = (web: object): Change => ({ spec: { services: { web } } });

const hosts = (groups: object, rest: object = {}): Change => ({
  values: { hosts: { groups, ...rest } },
});

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "clashing ports of two services",
    { spec: { services: { redis: { ports: [{ target: 6379, published: 8080 }] } } } },
    [
      [
        "platforms/app: services.web.ports[0].published",
        "8080/tcp of service web of platform app, which service redis of platform app publishes already",
        "a port that nothing else on the swarm publishes",
        "`published: 8081`",
      ],
    ],
  ],
  [
    "a label of created services without the beginning of its value, which would take them all",
    { spec: { creates: { "app.agent": "" } } },
    [
      [
        'platforms/app: creates["app.agent"]',
        '""',
        "the beginning of the label's value such as `default.`",
        "`app.agent: default.`",
      ],
    ],
  ],
  [
    "clashing ports of two platforms",
    { values: { platforms: { other: { from: "app" } } } },
    [
      [
        "platforms/app (as other): services.web.ports[0].published",
        "8080/tcp of service web of platform other, which service web of platform app publishes already",
        "a port that nothing else on the swarm publishes",
        "`published: 8081`",
      ],
    ],
  ],
  [
    "a port beyond the last",
    hosts({}, { local: { portOffset: 60000 } }),
    [
      [
        "swarmyard:hosts.local.portOffset",
        "60000: port 8080 of app.web would be 68080 on 127.0.0.1, which is not a valid port",
        "an offset with which 8080 becomes a free port below 65536",
        "`portOffset: 0`",
      ],
    ],
  ],
  [
    "two volumes with one real name",
    { spec: { volumes: { more: { name: "app_data" } } } },
    [
      [
        "platforms/app: volumes.more.name",
        'the real name "app_data", which volumes.data of platform app has already',
        "a name that is unique for its kind",
        "another name",
      ],
    ],
  ],
  [
    "a secret whose real name is too long",
    { spec: { secrets: { ["s".repeat(60)]: { random: 8 } } } },
    [
      [
        "platforms/app: secrets.ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss",
        'the real name "app_ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss", which has 64 letters',
        "at most 51",
        "a shorter name",
      ],
    ],
  ],
  [
    "an unknown volume",
    svc({ mounts: { "/data": { type: "volume", source: "dta" } } }),
    [
      [
        'platforms/app: services.web.mounts["/data"].source',
        '"dta", which is not in the platform\'s `volumes`',
        "data",
        "did you mean `data`?",
      ],
    ],
  ],
  [
    "an unknown secret",
    svc({ secrets: { x: { source: "pasword" } } }),
    [
      [
        "platforms/app: services.web.secrets.x.source",
        '"pasword", which is not in the platform\'s `secrets`',
        "password, token",
        "did you mean `password`?",
      ],
    ],
  ],
  [
    "an unknown config",
    svc({ configs: { "/x": { source: "nothing" } } }),
    [
      [
        'platforms/app: services.web.configs["/x"].source',
        '"nothing", which is not in the platform\'s `configs`',
        "settings",
        "`nothing: …` in `configs`",
      ],
    ],
  ],
  [
    "an unknown network",
    svc({ networks: { back: {} } }),
    [
      [
        "platforms/app: services.web.networks.back",
        '"back", which is not in the platform\'s `networks`',
        "default",
        "`back: …` in `networks`",
      ],
    ],
  ],
  [
    "a port that the nodes need themselves",
    svc({ ports: [{ target: 80, published: 22 }] }),
    [
      [
        "platforms/app: services.web.ports[0].published",
        "22/tcp of service web, which the nodes need for SSH",
        "a port that nothing else on the nodes uses",
        "`published: 10022`",
      ],
    ],
  ],
  [
    "an unknown image",
    svc({ image: { build: "wep" } }),
    [
      [
        "platforms/app: services.web.image.build",
        '"wep", which is not in the platform\'s `images`',
        "web",
        "did you mean `web`?",
      ],
    ],
  ],
  [
    "an unknown service to wait for",
    svc({ dependsOn: ["reddis"] }),
    [
      [
        "platforms/app: services.web.dependsOn[0]",
        '"reddis", which is not in the platform\'s `services`',
        "redis, web",
        "did you mean `redis`?",
      ],
    ],
  ],
  [
    "the end of a service that does not end",
    svc({ dependsOn: { redis: "completed", web2: "started" } }),
    [
      [
        "platforms/app: services.web.dependsOn.web2",
        '"web2", which is not in the platform\'s `services`',
        "redis, web",
        "did you mean `web`?",
      ],
      [
        "platforms/app: services.web.dependsOn.redis",
        "completed, and redis has mode replicated, whose tasks are not meant to end",
        "completed only of a job; started or healthy",
        "`mode: replicated-job` for redis, or `redis: healthy`",
      ],
    ],
  ],
  [
    "services that wait for each other",
    { spec: { services: { redis: { dependsOn: ["web"] } } } },
    [
      [
        "platforms/app: services.redis.dependsOn",
        "a circle: redis waits for web waits for redis",
        "an order that has a first service",
        "remove one of them",
      ],
    ],
  ],
  [
    "a page on a service that does not exist",
    { spec: { open: { service: "wbe" } } },
    [
      [
        "platforms/app: open.service",
        '"wbe", which is not in the platform\'s `services`',
        "redis, web",
        "did you mean `web`?",
      ],
    ],
  ],
  [
    "a page on a port that is not published",
    { spec: { open: { target: 81 } } },
    [
      [
        "platforms/app: open.target",
        "81, which service web does not publish",
        "80",
        "`target: 80`",
      ],
    ],
  ],
  [
    "a page on a service with neither a route nor one port",
    { spec: { open: { target: null }, services: { web: { ports: null } } } },
    [
      [
        "platforms/app: open.target",
        "service web without `target`; it has no route, and publishes 0 TCP ports",
        "none",
        "a port with `published`, or a `route` of the service",
      ],
    ],
  ],
  [
    "a missing secret",
    { world: { hasSecret: () => false, secretKeys: ["apiTokn"] } },
    [
      [
        "platforms/app: secrets.token.config",
        '"apiToken", which is not in Pulumi config',
        "a secret of the environment",
        "`apiToken: '<value>'` in Pulumi.test.secrets.yaml (chmod 600), or did you mean `apiTokn`?",
      ],
    ],
  ],
  [
    "a secret that is not encrypted",
    { values: { apiToken: "plain" }, world: { hasSecret: () => false } },
    [
      [
        "platforms/app: secrets.token.config",
        '"apiToken", whose value in Pulumi config is not encrypted',
        "a secret of the environment",
        "`apiToken: '<value>'` in Pulumi.test.secrets.yaml (chmod 600)",
      ],
    ],
  ],
];

describe("Platforms that refer to something missing", () => {
  test.each(cases)("fails: %s", (_name, change, expected) => {
    const { environment, problems } = readChanged(change);
    expect(problems.map(brief)).toEqual(expected);
    expect(environment).toBeUndefined();
  });
});
