import { describe, expect, test } from "vitest";
import {
  forwarderAddresses,
  localInfrastructure,
  localPlaces,
} from "../../components/config/environment/addresses";
import { localSubnets, portOffsets } from "../../components/config/environment/defaults";
import type { LocalPlace } from "../../components/config/environment/environment";
import { hostName } from "../../components/config/environment/naming";
import { spread } from "../../components/model/addresses/spread";
import {
  contains,
  overlap,
  parseCidr,
  takeSubnets,
} from "../../components/model/addresses/subnets";

const subnet = "10.77.0.0/16";

const settings = (range = subnet) => ({ subnet: range, sshPortBase: 20000, portOffset: 0 });

/** Places of hosts in a subnet; every host must have one. */
function placesOf(hosts: readonly string[], range = subnet): readonly LocalPlace[] {
  const places = localPlaces(settings(range), hosts);
  expect([...places.keys()]).toEqual(hosts);
  return [...places.values()];
}

function names(count: number, environment: string): string[] {
  return Array.from({ length: count }, (_, n) => hostName("yard", environment, "agent", n));
}

const environments = Array.from({ length: 12 }, (_, n) => `env${n}`);

describe("addresses and ports of local hosts", () => {
  test.each(environments)(
    "differ, and are inside the subnet and behind what is reserved (%s)",
    (name) => {
      const hosts = names(24, name);
      const addresses = placesOf(hosts).map(({ privateAddress }) => privateAddress);
      const ports = placesOf(hosts).map(({ sshPort }) => sshPort);
      expect(new Set(addresses).size).toBe(24);
      expect(new Set(ports).size).toBe(24);
      for (const address of addresses) {
        expect(contains(subnet, `${address}/32`)).toBe(true);
        expect(contains("10.77.0.0/24", `${address}/32`)).toBe(false);
        expect(address).not.toBe("10.77.255.255");
      }
      for (const port of ports) {
        expect(port).toBeGreaterThanOrEqual(20000);
        expect(port).toBeLessThan(24000);
      }
    },
  );

  test.each(environments)(
    "stay the same when another host goes, unless the two clash (%s)",
    (name) => {
      const hosts = names(24, name);
      const places = localPlaces(settings(), hosts);
      for (const gone of hosts) {
        const rest = hosts.filter((host) => host !== gone);
        const left = localPlaces(settings(), rest);
        for (const host of rest) {
          const own = 20000 + spread(host, 4000);
          const before = places.get(host)?.sshPort;
          // Only a host that was moved on by a clash may move.
          if (before === own) expect(left.get(host)?.sshPort).toBe(own);
        }
      }
    },
  );

  test("move on when two clash, the later one in the file", () => {
    // 300 hosts on 767 addresses cannot do without clashes.
    const small = "10.77.0.0/22";
    const hosts = names(300, "clash");
    const slots = hosts.map((host) => spread(host, 767));
    expect(new Set(slots).size).toBeLessThan(300);
    const addresses = placesOf(hosts, small).map(({ privateAddress }) => privateAddress);
    expect(new Set(addresses).size).toBe(300);
    expect(placesOf(hosts.slice(0, 1), small)[0]?.privateAddress).toBe(addresses[0]);
  });

  test("are always these, by the names alone", () => {
    expect(Object.fromEntries(localPlaces(settings(), ["a", "b"]))).toEqual({
      a: { privateAddress: "10.77.161.65", sshPort: 20699 },
      b: { privateAddress: "10.77.139.58", sshPort: 21433 },
    });
  });

  test("are left out where the subnet has none left", () => {
    expect(localPlaces(settings("10.77.0.0/24"), ["a"]).size).toBe(0);
    const many = names(800, "full");
    expect(localPlaces(settings("10.77.0.0/22"), many).size).toBe(767);
  });

  test("leave the first addresses to the gateway, the registry and the forwarders", () => {
    expect(localInfrastructure(settings())).toEqual({
      gateway: "10.77.0.1",
      registry: "10.77.0.2",
    });
    const all = Array.from({ length: 253 }, (_, n) => `platform-${n}`);
    const addresses = [...forwarderAddresses(settings(), all).values()];
    expect(new Set(addresses).size).toBe(253);
    for (const address of addresses) expect(address).toMatch(/^10\.77\.0\.(?![012]$)\d+$/);
  });
});

describe("what a stack's name decides", () => {
  test("is always the same", () => {
    expect(localSubnets("local")[0]).toBe(localSubnets("local")[0]);
    expect(portOffsets("local")[0]).toBe(0);
    expect(portOffsets("other")[0]).toBe(portOffsets("other")[0]);
  });

  test("never maps 8080 to 10080, which browsers refuse to open", () => {
    const offsets = Array.from({ length: 500 }, (_, n) => portOffsets(`stack-${n}`)[0]);
    expect(offsets).not.toContain(2000);
    expect(new Set(offsets).size).toBe(19);
  });

  test.each(environments)("is in its range (%s)", (name) => {
    expect(contains("10.64.0.0/10", localSubnets(name)[0])).toBe(true);
    expect(parseCidr(localSubnets(name)[0]).bits).toBe(16);
    expect(portOffsets(name)[0] % 1000).toBe(0);
    expect(portOffsets(name)[0]).toBeGreaterThanOrEqual(1000);
    expect(portOffsets(name)[0]).toBeLessThanOrEqual(20000);
  });

  test("differs between stacks", () => {
    expect(new Set(environments.map((name) => localSubnets(name)[0])).size).toBeGreaterThan(6);
    expect(new Set(environments.map((name) => portOffsets(name)[0])).size).toBeGreaterThan(5);
  });
});

describe("subnets of platforms", () => {
  const pool = "10.201.0.0/16";
  const keys = Array.from({ length: 100 }, (_, n) => `platform${n}/default`);

  test("never overlap each other or those in use, and are in the pool", () => {
    const taken = ["10.201.0.0/18", "10.201.100.128/25"];
    const subnets = [...takeSubnets(pool, keys, taken).values()];
    expect(subnets).toHaveLength(100);
    const all = [...subnets, ...taken];
    for (const [index, one] of all.entries()) {
      expect(contains(pool, one)).toBe(true);
      for (const other of all.slice(index + 1)) expect(overlap(one, other)).toBe(false);
    }
  });

  test("stay the same when another one goes, unless the two clash", () => {
    const before = takeSubnets(pool, keys, []);
    for (const gone of keys) {
      const rest = keys.filter((key) => key !== gone);
      const after = takeSubnets(pool, rest, []);
      for (const key of rest) {
        const own = `10.201.${spread(key, 256)}.0/24`;
        if (before.get(key) === own) expect(after.get(key)).toBe(own);
      }
    }
  });

  test("are left out when the pool is used up", () => {
    const four = takeSubnets("10.201.0.0/22", ["a", "b", "c", "d", "e"], []);
    expect(four.size).toBe(4);
    expect(takeSubnets("10.201.0.0/25", ["a"], []).size).toBe(0);
  });
});

describe("networks", () => {
  test.each([
    ["10.0.0.0/8", "10.255.255.0/24", true],
    ["10.0.0.0/24", "10.0.1.0/24", false],
    ["10.0.0.255/24", "10.0.0.0/32", true],
    ["0.0.0.0/0", "203.0.113.0/24", true],
    ["128.0.0.0/1", "127.255.255.255/32", false],
  ])("%s and %s overlap: %s", (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });

  test("fail to be read from other text", () => {
    expect(() => parseCidr("10.0.0.0")).toThrow("10.0.0.0 is not an IPv4 network");
  });
});
