import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, type Change, readChanged } from "./yard";

const network = (one: PlainMap): Change => ({ spec: { networks: { default: one } } });
const problems = (change: Change) => readChanged(change).problems.map(brief);
const place = "platforms/app: networks.default";

/** What is warned of; nothing here is a problem. */
function warnings(change: Change): readonly (readonly string[])[] {
  expect(problems(change)).toEqual([]);
  return readChanged(change).warnings.map(brief);
}

describe("a subnet", () => {
  test("that is an address in a network is warned of: Docker from 25 on refuses it", () => {
    expect(warnings(network({ subnet: "10.9.0.5/24" }))).toEqual([
      [
        `${place}.subnet`,
        "10.9.0.5/24, an address in 10.9.0.0/24: Docker from 25 on does not create this network",
        "the first address of the network, and its size",
        "`10.9.0.0/24`",
      ],
    ]);
    expect(
      warnings(network({ subnet: "10.9.0.0/24", moreSubnets: ["10.9.1.1/24"] })).map(([at]) => at),
    ).toEqual([`${place}.moreSubnets[0]`]);
  });

  test("of the internet is warned of", () => {
    expect(warnings(network({ subnet: "20.0.0.0/24" }))).toEqual([
      [
        `${place}.subnet`,
        "20.0.0.0/24, addresses of the internet: the service's tasks no longer reach their owners",
        "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16",
        "leave `subnet` out, or a private network",
      ],
    ]);
    for (const subnet of ["10.9.0.0/24", "192.168.7.0/24", "100.64.1.0/24"]) {
      expect(warnings(network({ subnet }))).toEqual([]);
    }
  });
});

describe("options of overlay networks", () => {
  test("that Docker passes over are warned of", () => {
    expect(warnings(network({ options: { mtu: "1400" } }))).toEqual([
      [
        `${place}.options.mtu`,
        "an option that Docker's overlay networks do not have: it has no effect",
        "com.docker.network.driver.mtu, encrypted",
        '`com.docker.network.driver.mtu: "1400"`',
      ],
    ]);
    const options = { "com.docker.network.bridge.name": "br0" };
    expect(warnings(network({ options })).map(([, , , fix]) => fix)).toEqual(["remove it"]);
    const known = { "com.docker.network.driver.overlay.vxlanid_list": "5000" };
    expect(warnings(network({ options: known }))).toEqual([]);
  });

  test("with packets that hosts do not pass on are warned of", () => {
    const mtu = (bytes: string) => network({ options: { "com.docker.network.driver.mtu": bytes } });
    expect(warnings(mtu("1500"))).toEqual([
      [
        `${place}.options["com.docker.network.driver.mtu"]`,
        "1500, while packets between the hosts have at most 1500 bytes, 50 of them for the overlay: large ones get lost",
        "at most 1450",
        "`1450`",
      ],
    ]);
    expect(warnings(mtu("1450"))).toEqual([]);
    expect(
      warnings({ values: { swarm: { mtu: 9000, ingress: { mtu: 1500 } } } }).map(([at]) => at),
    ).toEqual(["swarmyard:swarm.mtu", "swarmyard:swarm.ingress.mtu"]);
    expect(warnings({ values: { swarm: { mtu: 1400 } } })).toEqual([]);
  });
});

describe("the network of published ports", () => {
  const published = (replicas: number, swarm: PlainMap = {}): Change => ({
    spec: { services: { web: { replicas } } },
    values: { swarm: { publish: "ingress", discovery: "vip", ...swarm } },
  });

  // A /24 has 254 addresses: 1 for the gateway, 4 for nodes, 1 for the service, 248 for tasks.
  test("is refused with more tasks than it has addresses for", () => {
    const wide = { networks: { default: { subnet: "10.9.0.0/16" } } };
    const change = published(249);
    expect(problems({ ...change, spec: { ...change.spec, ...wide } })).toEqual([
      [
        "swarmyard:swarm.ingress.subnet",
        "a /24 for published ports, which has 254 addresses, while 255 are needed: 249 for tasks with ports in mode ingress, 1 for their services, 4 for nodes, 1 for the gateway",
        "a network of at least /23",
        "`ingress: { subnet: 10.202.0.0/16 }`, or ports in mode host",
      ],
    ]);
    const fits = published(248);
    expect(problems({ ...fits, spec: { ...fits.spec, ...wide } })).toEqual([]);
    const large = published(249, { ingress: { subnet: "10.202.0.0/16" } });
    expect(problems({ ...large, spec: { ...large.spec, ...wide } })).toEqual([]);
  });
});

test("a setting of the kernel that a node has for itself is warned of", () => {
  const set = (name: string): Change => ({
    spec: { services: { web: { sysctls: { [name]: "1" } } } },
  });
  expect(warnings(set("net.core.rmem_max"))).toEqual([
    [
      'platforms/app: services.web.sysctls["net.core.rmem_max"]',
      "a setting that kernels have for the whole node: tasks do not start with it",
      "settings of the container's own",
      "remove it, and set it on the nodes (sysctl.d)",
    ],
  ]);
  expect(warnings(set("net.core.somaxconn"))).toEqual([]);
});

test("an image that each node asks itself for is warned of, unless a service is that registry", () => {
  const image = "localhost:5000/team/web:1";
  const web: Change = { spec: { services: { web: { image } } } };
  expect(warnings(web)).toEqual([
    [
      "platforms/app: services.web.image",
      "localhost:5000/team/web:1: each node asks itself for it, and no service publishes port 5000",
      "a registry that every node reaches by this name",
      "`images` of the platform, which are pushed to the environment's registry, or another address",
    ],
  ]);
  const registry = { image: "registry:2", ports: [{ target: 5000, published: 5000 }] };
  expect(warnings({ spec: { services: { web: { image }, registry } } })).toEqual([]);
});

describe("names", () => {
  test("of services that swarm does not take are refused with what to call them", () => {
    const named = (key: string): Change => ({ spec: { services: { [key]: { image: "a:1" } } } });
    expect(problems(named("web.1"))).toEqual([
      [
        'platforms/app: services["web.1"]',
        'the real name "app_web.1"',
        "up to 63 letters, digits, - and _, with a letter or digit at both ends",
        "`web-1` as its key",
      ],
    ]);
    expect(problems(named("a".repeat(60))).map(([, found, , fix]) => [found, fix])).toEqual([
      [`the real name "app_${"a".repeat(60)}", which has 64 letters`, "a shorter key"],
    ]);
    expect(problems(named("a".repeat(59)))).toEqual([]);
  });

  test("of nodes in a constraint are suggested", () => {
    const on = (name: string): Change => ({
      spec: { services: { web: { placement: { constraints: [`node.hostname == ${name}`] } } } },
    });
    const fix = (name: string) => problems(on(name)).map((one) => one[3]);
    expect(fix("db-0")).toEqual(["did you mean `node.hostname == yard-test-db-0`?"]);
    expect(fix("yard-test-agnet-1")).toEqual([
      "did you mean `node.hostname == yard-test-agent-1`?",
    ]);
    expect(fix("elsewhere")).toEqual([
      "a constraint that a node meets, or `labels` for a group in swarmyard:hosts",
    ]);
  });
});

test("more managers than a swarm can use are warned of", () => {
  const many = (count: number): Change => ({
    values: { hosts: { groups: { platform: { count } } } },
  });
  expect(warnings(many(9))).toEqual([
    [
      "swarmyard:hosts.groups",
      "9 managers, each of which must write down every change",
      "up to 7, which survive the loss of 3",
      "`role: worker` for the others",
    ],
  ]);
  expect(warnings(many(7))).toEqual([]);
});
