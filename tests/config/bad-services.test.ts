import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

const svc = (web: object): Change => ({ spec: { services: { web } } });

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "a malformed constraint",
    svc({ placement: { constraints: ["node.labels.db = true"] } }),
    [
      [
        "platforms/app: services.web.placement.constraints[0]",
        '"node.labels.db = true": needs "==" or "!="',
        "a placement constraint such as `node.labels.db == true`",
        "node.labels.db == true",
      ],
    ],
  ],
  [
    "an ingress port on a service found by dnsrr",
    { values: { swarm: { discovery: "dnsrr" } } },
    [
      [
        "swarmyard:swarm.publish",
        "ingress, while discovery is dnsrr, for the ports of app.web",
        "host with dnsrr; ingress needs a virtual address (discovery vip)",
        "`publish: host`",
      ],
    ],
  ],
  [
    "replicas of a global service",
    svc({ mode: "global", replicas: 2 }),
    [
      [
        "platforms/app: services.web.replicas",
        "2 with mode global",
        "nothing with mode global",
        "leave it out",
      ],
    ],
  ],
  [
    "an unknown key of a service",
    svc({ replcias: 2 }),
    [
      [
        "platforms/app: services.web.replcias",
        "an unknown key",
        "image, entrypoint, command, hostname, env, containerLabels, user, groups, workingDir, tty, openStdin, readOnly, init, stopSignal, stopGracePeriod, extraHosts, dns, sysctls, capAdd, capDrop, ulimits, oomScoreAdj, privileges, healthcheck, mounts, secrets, configs, resources, placement, restart, logging, forceUpdate, mode, replicas, maxConcurrent, run, labels, ports, endpointMode, update, rollback, networks, dependsOn, only, gpus, route, nodeAccess",
        "did you mean `replicas`?",
      ],
    ],
  ],
  [
    "a wrong value that the file gives a service",
    { values: { platforms: { app: { services: { web: { replicas: "2" } } } } } },
    [
      [
        "swarmyard:platforms.app.services.web.replicas",
        '"2"',
        "a whole number of at least 0, such as `1`",
        "`replicas: 2`",
      ],
    ],
  ],
  [
    "a misspelt service in the file",
    { values: { platforms: { app: { services: { wbe: { replicas: 2 } } } } } },
    [
      [
        "swarmyard:platforms.app.services.wbe",
        "a service that platforms/app does not have, without an image",
        "redis, web, or a new service with an `image`",
        "did you mean `web`?",
      ],
    ],
  ],
  [
    "a size without unit",
    svc({ resources: { limits: { memory: "lots" } } }),
    [
      [
        "platforms/app: services.web.resources.limits.memory",
        '"lots"',
        "a size such as `512MiB`, with a unit (KiB, MiB, GiB, MB, GB); the smallest is 4MiB, and 0 means no limit",
        "`memory: 512MiB`",
      ],
    ],
  ],
  [
    "a misspelt kind of mount",
    svc({ mounts: { "/data": { type: "volumes", source: "data" } } }),
    [
      [
        'platforms/app: services.web.mounts["/data"].type',
        '"volumes"',
        "volume, bind, tmpfs, npipe, cluster",
        "did you mean `volume`?",
      ],
    ],
  ],
  [
    "a relative path in the container",
    svc({ mounts: { data: { type: "volume", source: "data" } } }),
    [
      [
        "platforms/app: services.web.mounts.data",
        'the name "data"',
        "an absolute path in the container such as `/data`",
        "`/data`",
      ],
    ],
  ],
  [
    "a platform without folder",
    { values: { platforms: { ap: {} } } },
    [
      [
        "swarmyard:platforms.ap.from",
        "no folder platforms/ap with an index.ts or a compose.yaml",
        "app",
        "did you mean `app`?",
      ],
    ],
  ],
];

describe("Services that Docker would refuse", () => {
  test.each(cases)("fails: %s", (_name, change, expected) => {
    const { environment, problems } = readChanged(change);
    expect(problems.map(brief)).toEqual(expected);
    expect(environment).toBeUndefined();
  });
});
