import { describe, expect, test } from "vitest";
import { swarmDefaults } from "../../components/config/environment/defaults";
import { swarmNetworks } from "../../components/config/environment/swarm";
import type { PlainMap } from "../../components/model/merge";
import { brief, readChanged } from "./yard";

const machines = { "db-0": { address: "203.0.113.10" }, "web-0": { address: "203.0.113.11" } };
const without = { platform: null, db: null, agent: null };
const rack = { kind: "ssh", role: "manager", labels: ["db"], machines };
const read = (swarm: PlainMap, groups: PlainMap = { ...without, rack }) =>
  readChanged({
    values: {
      hosts: { groups },
      registry: { kind: "existing", address: "ghcr.io/me" },
      share: { kind: "existing" },
      swarm,
    },
  });
const problems = (swarm: PlainMap, groups?: PlainMap) => read(swarm, groups).problems.map(brief);

const hosts = [{ name: "db-0", role: "manager" }] as const;

describe("a mesh", () => {
  test("has defaults, an address for each host, and makes overlay networks and the network of published ports narrower", () => {
    const { mesh, mtu, ingress } = swarmDefaults({ mesh: "wireguard" }, hosts);
    expect({ mesh, mtu, ingress }).toEqual({
      mesh: {
        ...{ subnet: "10.203.0.0/16", port: 51820, mtu: 1420 },
        addresses: { "db-0": expect.stringMatching(/^10\.203\.\d+\.\d+$/) },
      },
      mtu: 1370,
      ingress: { mtu: 1370 },
    });
    expect(problems({ mesh: "wireguard" })).toEqual([]);
    const { environment } = read({ mesh: "wireguard" });
    const network = environment?.platforms[0]?.plan.networks.default;
    expect(network).toMatchObject({ options: { "com.docker.network.driver.mtu": "1370" } });
  });

  test("takes a network, a port and the size of packets", () => {
    const stated = { subnet: "10.99.0.0/24", port: 7000, mtu: 1340 };
    const settings = swarmDefaults({ mesh: stated, mtu: 1200 }, hosts);
    expect(settings.mesh).toMatchObject(stated);
    expect([settings.mtu, settings.ingress]).toEqual([1200, { mtu: 1200 }]);
    expect(swarmNetworks(settings)).toContain("10.99.0.0/24");
  });

  test("is of existing machines only", () => {
    expect(problems({ mesh: "wireguard" }, { rack })).toContainEqual([
      "swarmyard:swarm.mesh",
      "a mesh with hosts of kind local",
      "a mesh of existing machines only (`kind: ssh`)",
      "remove `mesh`, or the other groups",
    ]);
  });

  test.each<[PlainMap, PlainMap, readonly string[]]>([
    [
      { mesh: "wireguard", advertise: "eth1" },
      rack,
      [
        "swarmyard:swarm.advertise",
        "eth1 next to a mesh, whose addresses nodes use",
        "one of the two",
        "remove `advertise`, or `mesh` at swarmyard:swarm",
      ],
    ],
    [
      { mesh: "wireguard" },
      { ...rack, dataPath: "eth2" },
      [
        "swarmyard:hosts.groups.rack.dataPath",
        "eth2 next to a mesh, whose addresses nodes use",
        "one of the two",
        "remove `dataPath`, or `mesh` at swarmyard:swarm",
      ],
    ],
    [
      { mesh: { subnet: "10.99.0.0/31" } },
      rack,
      [
        "swarmyard:swarm.mesh",
        "10.99.0.0/31, which has no address for db-0, web-0",
        "a network with an address for each host",
        "`subnet: 10.203.0.0/16`",
      ],
    ],
    [
      { mesh: { subnet: "10.200.7.0/24" } },
      rack,
      [
        "swarmyard:swarm.mesh",
        "10.200.7.0/24, which overlaps 10.200.0.0/16, a pool for overlay networks",
        "a network that overlaps with no other",
        "a network outside 10.200.0.0/16",
      ],
    ],
    [
      { mesh: { port: 4789 } },
      rack,
      [
        "swarmyard:swarm.mesh.port",
        "4789, a UDP port that the swarm uses",
        "another port",
        "`port: 51820`",
      ],
    ],
    [
      { mesh: "wireguard", mtu: 1450 },
      rack,
      [
        "swarmyard:swarm.mtu",
        "1450, but packets of the mesh have at most 1420 bytes",
        "at most 1370",
        "`mtu: 1370`",
      ],
    ],
    [
      { mesh: "wireguard", ingress: { mtu: 1400 } },
      rack,
      [
        "swarmyard:swarm.ingress.mtu",
        "1400, but packets of the mesh have at most 1420 bytes",
        "at most 1370",
        "`mtu: 1370`",
      ],
    ],
    [
      {},
      {
        ...rack,
        machines: { ...machines, far: { address: "203.0.113.9", meshEndpoint: "nat:7000" } },
      },
      [
        "swarmyard:hosts.groups.rack.machines.far.meshEndpoint",
        "nat:7000 without a mesh",
        "only with a mesh",
        "`mesh: wireguard` at swarmyard:swarm, or remove `meshEndpoint`",
      ],
    ],
  ])("%j in a rack is refused", (swarm, group, problem) => {
    expect(problems(swarm, { ...without, rack: group })).toEqual([problem]);
  });
});
