import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, readChanged } from "./yard";

const problems = (spec: PlainMap) => readChanged({ spec }).problems.map(brief);

describe("networks that no service can join, or that never get addresses", () => {
  const network = (own: PlainMap) => problems({ networks: { default: own } });

  test.each(["bridge", "host", "macvlan", "ipvlan"])("driver %s", (driver) => {
    expect(network({ driver })).toEqual([
      [
        "platforms/app: networks.default.driver",
        `"${driver}", whose networks are of one node: no service can join them`,
        "overlay, or a driver of a plugin",
        "`driver: overlay`, or remove it",
      ],
    ]);
  });

  test.each(["big", "0", "70000", "1400 "])("an MTU of %j", (mtu) => {
    const option = "com.docker.network.driver.mtu";
    expect(network({ options: { [option]: mtu } })).toEqual([
      [
        `platforms/app: networks.default.options["${option}"]`,
        JSON.stringify(mtu),
        "a number of bytes from 68 to 65535",
        `\`${option}: "1400"\``,
      ],
    ]);
  });

  test.each([
    ["10.5.0.0", "network"],
    ["10.5.0.255", "broadcast"],
  ])("the gateway %s", (gateway, kind) => {
    expect(network({ subnet: "10.5.0.0/24", gateway })).toEqual([
      [
        "platforms/app: networks.default.gateway",
        `${gateway}, the ${kind} address of 10.5.0.0/24`,
        "an address between the ends of 10.5.0.0/24",
        "`gateway: 10.5.0.1`, or remove it",
      ],
    ]);
  });

  test.each([
    ["127.0.1.0/24", "127.0.0.0/8", "each node itself"],
    ["169.254.7.0/24", "169.254.0.0/16", "links, and metadata in clouds"],
    ["224.1.0.0/24", "224.0.0.0/4", "multicast"],
  ])("the subnet %s", (subnet, reserved, use) => {
    expect(network({ subnet })).toEqual([
      [
        "platforms/app: networks.default.subnet",
        `${subnet}, in ${reserved}, which is for ${use}`,
        "a private network",
        "`10.201.7.0/24`",
      ],
    ]);
  });

  test.each(["ingress", "docker_gwbridge"])("the swarm's own network %s", (name) => {
    const joined = { web: { networks: { x: {} } } };
    expect(
      problems({ networks: { x: { external: true, name } }, services: joined }).map((one) =>
        one.slice(0, 2),
      ),
    ).toEqual([
      [
        "platforms/app: networks.x",
        `"${name}", which swarm has for itself and no service can join`,
      ],
    ]);
  });

  test("what is right is taken", () => {
    const options = { "com.docker.network.driver.mtu": "1400" };
    expect(network({ subnet: "10.5.0.0/24", gateway: "10.5.0.9", options })).toEqual([]);
    expect(network({ driver: "weave" })).toEqual([]);
  });
});

describe("options of Docker's own driver of volumes", () => {
  const volume = (driverOptions: PlainMap, more: PlainMap = {}) =>
    problems({ volumes: { extra: { driverOptions, ...more } } }).map(([path, found, , fix]) => [
      path?.replace("platforms/app: volumes.extra.", ""),
      found,
      fix,
    ]);

  test.each<[PlainMap, readonly string[]]>([
    [
      { typ: "nfs", type: "tmpfs", device: "tmpfs" },
      [
        "driverOptions.typ",
        "an option that Docker's own driver does not have",
        "remove it, or `driver` with the driver that has it",
      ],
    ],
    [
      { o: "bind", device: "/srv/x" },
      ["driverOptions", "o, device without `type`", "`type: none`, with `o: bind`"],
    ],
    [
      { type: "none", o: "bind" },
      ["driverOptions", "type, o without `device`", "`device: /a/path/of/the/nodes`"],
    ],
    [
      { type: "none", o: "bind", device: "./data" },
      ["driverOptions.device", '"./data", which is not a path of the nodes', "`device: /srv/data`"],
    ],
    [
      { type: "nfs", o: "nfsvers=4", device: "10.0.0.1:/x" },
      ["driverOptions.o", "a mount of NFS without `addr=`", "`o: addr=10.0.0.1,nfsvers=4`"],
    ],
    [
      { type: "nfs4", o: "addr=nas,rw", device: "/x" },
      ["driverOptions.device", '"/x" as what NFS exports', '`device: ":/x"`'],
    ],
    [{ size: "ten" }, ["driverOptions.size", '"ten"', "`size: 10G`"]],
  ])("%j", (options, problem) => {
    expect(volume(options)).toEqual([problem]);
  });

  test.each<PlainMap>([
    { type: "nfs", o: "addr=nas,rw", device: ":/x" },
    { type: "none", o: "bind", device: "/srv/x" },
    { type: "tmpfs", device: "tmpfs", o: "size=100m" },
    { type: "cifs", o: "addr=nas,username=a", device: "//nas/x" },
    { size: "10G" },
    {},
  ])("%j is taken", (options) => {
    expect(volume(options)).toEqual([]);
  });

  test("another driver has its own options", () => {
    expect(volume({ mountpoint: "/x" }, { driver: "local-persist" })).toEqual([]);
  });
});
