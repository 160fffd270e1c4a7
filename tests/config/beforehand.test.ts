import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, type Change, readChanged } from "./yard";

const web = (service: PlainMap, more: PlainMap = {}): Change => ({
  spec: { services: { web: service }, ...more },
});
const problems = (change: Change) => readChanged(change).problems.map(brief);
const warnings = (change: Change) => readChanged(change).warnings.map(brief);
const place = "platforms/app: services.web";

describe("a network with too few addresses", () => {
  const small = (subnet: string, replicas: number) =>
    web({ replicas }, { networks: { default: { subnet } } });

  test("is refused with the arithmetic", () => {
    expect(problems(small("10.9.0.0/29", 10))).toEqual([
      [
        "platforms/app: networks.default.subnet",
        "10.9.0.0/29, which has 6 addresses, while 18 are needed: 11 for tasks, 4 for nodes, 2 for virtual addresses, 1 for the gateway",
        "a subnet of at least /27",
        "a larger `subnet`, or fewer replicas",
      ],
    ]);
  });

  test("is taken to its last address, and not with one task more", () => {
    // 30 addresses: the gateway, 4 nodes, 2 virtual addresses, redis and 22 of web.
    expect(problems(small("10.9.0.0/27", 22))).toEqual([]);
    expect(problems(small("10.9.0.0/27", 23))[0]?.[1]).toContain("31 are needed: 24 for tasks");
  });

  test("is found without a subnet of its own, when it exists already, and for dnsrr and global services", () => {
    expect(problems(web({ replicas: 300 }))[0]?.slice(0, 1)).toEqual([
      "platforms/app: networks.default",
    ]);
    const external = { default: { external: true, name: "main", subnet: "10.9.0.0/29" } };
    expect(problems(web({ replicas: 4 }, { networks: external }))[0]?.[1]).toContain(
      "12 are needed",
    );
    const plain: Change = {
      ...web(
        { mode: "global", ports: null },
        { networks: { default: { subnet: "10.9.0.0/29" } }, open: null },
      ),
      values: { swarm: { discovery: "dnsrr" } },
    };
    expect(problems(plain)[0]?.[1]).toContain(
      "10 are needed: 5 for tasks, 4 for nodes, 0 for virtual",
    );
  });
});

describe("pools", () => {
  test("smaller than the networks that swarm takes from them are refused", () => {
    expect(
      problems({ values: { swarm: { addressPools: ["10.200.0.0/16", "10.210.0.0/25"] } } }),
    ).toEqual([
      [
        "swarmyard:swarm.addressPools[1]",
        "10.210.0.0/25, which is smaller than one network",
        "a pool of at least /24: swarm takes a /24 for each network",
        "`10.210.0.0/24`",
      ],
    ]);
    expect(problems({ values: { swarm: { addressPools: ["10.210.0.0/24"] } } })).toEqual([]);
  });

  test("that leave nothing for the Docker engines are refused, before a machine is made", () => {
    const addressPools = ["172.16.0.0/12", "10.254.0.0/16", "192.168.0.0/16"];
    expect(problems({ values: { swarm: { addressPools } } }).map(([path]) => path)).toEqual([
      "swarmyard:swarm.addressPools",
    ]);
  });

  test("and networks that meet what the Docker engines use are refused", () => {
    const subnet = "172.30.4.0/24";
    expect(problems({ spec: { networks: { default: { subnet } } } })).toEqual([
      [
        "platforms/app: networks.default.subnet",
        `${subnet}, which the Docker engines of the hosts use for their own networks (172.30.0.0/16)`,
        "a network outside of 172.30.0.0/16",
        "leave `subnet` out, or another one",
      ],
    ]);
  });

  test("local hosts on the usual bridge are warned of", () => {
    const subnet = "172.17.0.0/16";
    expect(warnings({ values: { hosts: { local: { subnet } } } })).toEqual([
      [
        "swarmyard:hosts.local.subnet",
        `${subnet}, which meets 172.17.0.0/16, the default bridge of most Docker engines`,
        "a network that this machine does not use",
        "`subnet: 10.64.0.0/16`",
      ],
    ]);
  });
});

describe("a network that every Docker engine has", () => {
  const on = (name: string, service: PlainMap = {}, attachment: PlainMap = {}): Change =>
    web(
      { ports: null, networks: { own: attachment }, ...service },
      { networks: { own: { external: true, name } }, open: null },
    );

  test.each(["host", "bridge", "none"])("%s is joined without an alias", (name) => {
    const { environment, problems: found } = readChanged(on(name));
    expect(found).toEqual([]);
    expect(environment?.platforms[0]?.plan.services.web?.networks).toEqual({ own: { name } });
  });

  test.each([
    [
      "host",
      { ports: [{ target: 80 }] },
      "ports",
      "published ports of a service on the network host",
    ],
    [
      "bridge",
      { ports: [{ target: 80 }] },
      "ports",
      "published ports of a service on the network bridge",
    ],
    [
      "host",
      { sysctls: { "net.core.somaxconn": "1" } },
      'sysctls["net.core.somaxconn"]',
      "net.core.somaxconn on the network host, where it would be the node's",
    ],
    [
      "host",
      { networks: { own: {}, default: {} } },
      "networks.own",
      "the network host beside 1 more",
    ],
    [
      "none",
      { networks: { own: { aliases: ["a"] } } },
      "networks.own.aliases",
      "aliases on the network none, which has no names",
    ],
  ])("%s with %j is refused", (name, service, at, found) => {
    expect(problems(on(name, service)).map((one) => one.slice(0, 2))).toEqual([
      [`${place}.${at}`, found],
    ]);
  });

  test("cannot be made again", () => {
    expect(problems({ spec: { networks: { own: { name: "host" } } } })[0]?.slice(0, 2)).toEqual([
      "platforms/app: networks.own.name",
      '"host", which every Docker engine has already',
    ]);
  });
});

describe("one host-mode port of two services", () => {
  const on = (label: string) => ({ placement: { constraints: [`node.labels.${label} == true`] } });
  const ports = (mode: string) => [{ target: 80, published: 8080, mode }];
  const two = (redis: PlainMap, modes = ["host", "host"]): Change => ({
    spec: {
      services: {
        redis: { ...redis, ports: ports(modes[0] ?? "") },
        web: { ...on("agent"), ports: ports(modes[1] ?? "") },
      },
    },
  });

  test("is allowed where they never meet, and what 127.0.0.1 leads to is said", () => {
    expect(problems(two(on("db")))).toEqual([]);
    expect(warnings(two(on("db"))).map((one) => one.slice(0, 2))).toEqual([
      [
        `${place}.ports[0].published`,
        expect.stringMatching(
          /^8080\/tcp of service web .* publishes on other nodes: 127\.0\.0\.1:\d+ leads to both in turn$/,
        ),
      ],
    ]);
  });

  test.each([
    ["they may meet", two({ placement: { constraints: [] } })],
    ["they meet on one node of two", two(on("agent"))],
    ["one is open on every node", two(on("db"), ["host", "ingress"])],
    ["both are", two(on("db"), ["ingress", "ingress"])],
  ])("is refused where %s", (_, change) => {
    expect(problems(change).map((one) => one.slice(0, 2))).toEqual([
      [
        `${place}.ports[0].published`,
        "8080/tcp of service web of platform app, which service redis of platform app publishes already",
      ],
    ]);
  });
});

describe("warnings of a service", () => {
  const spread = (key: string) => warnings(web({ placement: { spread: [key] } }));

  test("spreading over something other than a label", () => {
    expect(spread("node.id")).toEqual([
      [
        `${place}.placement.spread[0]`,
        '"node.id", which swarm passes over: it spreads over labels only',
        "node.labels.<name> or engine.labels.<name>",
        "remove it: without labels, tasks are shared out evenly over all nodes",
      ],
    ]);
  });

  test("spreading over a label that no node has, or that some have", () => {
    expect(spread("node.labels.zone")[0]?.[1]).toBe(
      '"node.labels.zone", a label that none of its nodes has: all of them count as one group',
    );
    expect(spread("node.labels.agent")[0]?.[1]).toBe(
      '"node.labels.agent", a label that 2 of 4 nodes have: the others are one of 2 groups that get the same number of tasks',
    );
    const constraints = ["node.labels.agent == true"];
    const all = web({ placement: { spread: ["node.labels.agent"], constraints } });
    expect(warnings(all)).toEqual([]);
    expect(spread("engine.labels.zone")).toEqual([]);
  });

  test("a template where swarm fills in none", () => {
    const node = "{{.Node.Hostname}}";
    const about = `${node}, which swarm does not fill in here: the program gets it as it is`;
    const fix = `\`env: { NAME: "${node}" }\`, and $NAME where a shell or the program reads it`;
    const row = (where: string) => [
      `${place}.${where}`,
      about,
      "templates in `hostname`, `env` and `mounts`",
      fix,
    ];
    const written = {
      entrypoint: ["run", node],
      command: ["--id", `vm-${node}`],
      healthcheck: { test: ["CMD", "check", node] },
      labels: { host: node },
      containerLabels: { host: node },
      user: node,
      workingDir: `/${node}`,
    };
    expect(warnings(web(written))).toEqual(
      [
        ...["entrypoint[1]", "command[1]", "healthcheck.test[2]", "labels.host"],
        ...["containerLabels.host", "user", "workingDir"],
      ].map(row),
    );
  });

  test("a template that is the program's own, or where swarm fills it in, is none", () => {
    const own = { command: ["docker", "ps", "--format", "{{.Names}} {{.Node}} {{ .ID }}"] };
    const filled = { hostname: "{{.Node.Hostname}}", env: { SLOT: "{{.Task.Slot}}" } };
    expect(warnings(web({ ...own, ...filled }))).toEqual([]);
  });

  test("an option of a mount that Docker takes and forgets", () => {
    const bind = { create: true, nonRecursive: true, readOnlyNonRecursive: false };
    const mounts = { "/data": { type: "bind", source: "/srv/data", bind } };
    expect(warnings(web({ mounts })).map((one) => one.slice(0, 2))).toEqual([
      [
        `${place}.mounts["/data"].bind.create`,
        "create, which no Docker engine hands on to swarm: it has no effect",
      ],
    ]);
  });

  test("a log driver that only a plugin can be", () => {
    expect(warnings(web({ logging: { driver: "loki" } })).map((one) => one.slice(0, 2))).toEqual([
      [`${place}.logging.driver`, '"loki", which Docker engines have only as a plugin'],
    ]);
  });

  test("something below a read-only mount", () => {
    const mounts = { "/etc": { type: "volume", source: "data", readOnly: true } };
    expect(warnings(web({ mounts })).map((one) => one.slice(0, 2))).toEqual([
      [
        `${place}.configs["/etc/settings.json"]`,
        "a config at /etc/settings.json, below /etc, which is mounted read-only",
      ],
    ]);
  });

  test("an update that takes longer than the rollout waits", () => {
    const slow = web({ replicas: 7, update: { delay: "1m" } });
    expect(warnings(slow)).toEqual([
      [
        `${place}.update`,
        "an update of service web that takes at least 6m5s: 7 steps, a delay of 1m between them, a monitor of 5s after the last",
        "less than the rollout's timeout of 5m",
        "`rollout: { timeout: 12m10s }`, or a larger `parallelism`",
      ],
    ]);
    const fits = [
      web({ replicas: 5, update: { delay: "1m" } }),
      web({ replicas: 7, update: { delay: "1m", parallelism: 0 } }),
      web({ replicas: 7, update: { delay: "1m" } }, { rollout: { timeout: "7m" } }),
    ];
    expect(fits.flatMap(warnings)).toEqual([]);
    expect(warnings(web({ update: { monitor: "10m" } }))[0]?.[1]).toBe(
      "an update of service web that takes at least 10m: 1 step, a monitor of 10m after the last",
    );
  });

  test("a first check that comes after the rollout's timeout", () => {
    const test = ["CMD", "true"];
    expect(
      warnings(web({ healthcheck: { test, interval: "6m" } })).map((one) => one.slice(0, 2)),
    ).toEqual([
      [
        `${place}.healthcheck.interval`,
        "an update of service web that takes at least 6m5s: 1 step, 6m until the first check of each, a monitor of 5s after the last",
      ],
    ]);
    expect(warnings(web({ healthcheck: { test: ["NONE"], interval: "6m" } }))).toEqual([]);
    expect(warnings(web({ healthcheck: { test, interval: "6m", startPeriod: "1m" } }))).toEqual([]);
  });
});

test("a global service with a host-mode port can never start a new task before the old one ends", () => {
  const ports = [{ target: 80, published: 8080, mode: "host" }];
  const global = (order: string) => web({ mode: "global", ports, update: { order } });
  expect(problems(global("start-first"))).toEqual([
    [
      `${place}.update.order`,
      "start-first for service web, whose one place on yard-test-platform-0 is taken (a port in mode host is free once on a node)",
      "stop-first, or a place for one more task",
      "`update: { order: stop-first }`",
    ],
  ]);
  expect(problems(global("stop-first"))).toEqual([]);
});
