import fc from "fast-check";
import { expect, test } from "vitest";
import { meshAddresses } from "../../../components/model/addresses/mesh";
import { contains } from "../../../components/model/addresses/subnets";

test("a node's address depends on its name, not on its place among the others", () => {
  const names = ["db-0", "web-0", "web-1"];
  const all = meshAddresses("10.203.0.0/16", names);
  expect([...all.keys()]).toEqual(names);
  expect(meshAddresses("10.203.0.0/16", ["web-1", "other", "db-0"]).get("db-0")).toBe(
    all.get("db-0"),
  );
  expect(meshAddresses("10.203.0.0/16", ["db-0"]).get("db-0")).toBe(all.get("db-0"));
});

test("every address is in the network, is nobody else's, and is neither its first nor its last", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { maxLength: 40 });
  fc.assert(
    fc.property(names, fc.integer({ min: 20, max: 29 }), (hosts, bits) => {
      const subnet = `10.203.16.0/${bits}`;
      const addresses = [...meshAddresses(subnet, hosts).values()];
      expect(addresses).toHaveLength(Math.min(hosts.length, 2 ** (32 - bits) - 2));
      expect(new Set(addresses).size).toBe(addresses.length);
      for (const address of addresses) expect(contains(subnet, `${address}/32`)).toBe(true);
      expect(addresses).not.toContain("10.203.16.0");
    }),
  );
});

test("of a network without room, names are left out", () => {
  expect([...meshAddresses("10.203.0.0/30", ["a", "b", "c"]).keys()]).toEqual(["a", "b"]);
  expect(meshAddresses("10.203.0.0/31", ["a"]).size).toBe(0);
});
