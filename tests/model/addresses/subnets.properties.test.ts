import { describe, expect, test } from "vitest";
import {
  addressText,
  contains,
  overlap,
  parseCidr,
  takeSubnets,
} from "../../../components/model/addresses/subnets";
import { dotted, fc, network } from "../../properties";

const anyNetwork = network({ min: 0, max: 32 });
/** Networks that often share addresses. */
const near = network({ min: 0, max: 6 }).chain((one) =>
  fc.tuple(
    fc.constant(one),
    fc.oneof(
      network({ min: 0, max: 8 }),
      fc
        .record({ first: fc.constant(one.first), bits: fc.integer({ min: one.bits, max: 32 }) })
        .map(({ first, bits }) => ({ first, last: first + 2 ** (32 - bits) - 1, bits })),
    ),
  ),
);
const cidr = ({ first, bits }: { readonly first: number; readonly bits: number }) =>
  `${dotted(first)}/${bits}`;

describe("addresses", () => {
  test("are written and read without loss", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), (address) => {
        expect(addressText(address)).toBe(dotted(address));
        expect(parseCidr(`${addressText(address)}/32`).first).toBe(address);
      }),
    );
  });

  test("a network is its first and last address, whatever its host bits are", () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(2 ** 32 - 1), (one, host) => {
        const { first, last, bits } = one;
        const inside = first + (host % (last - first + 1));
        expect(parseCidr(`${dotted(inside)}/${bits}`)).toEqual(one);
      }),
    );
  });

  test("two networks overlap exactly when one holds the other's first address", () => {
    fc.assert(
      fc.property(near, ([one, other]) => {
        const shares =
          (one.first <= other.first && other.first <= one.last) ||
          (other.first <= one.first && one.first <= other.last);
        expect(overlap(cidr(one), cidr(other))).toBe(shares);
        expect(overlap(cidr(other), cidr(one))).toBe(shares);
      }),
    );
  });

  test("networks that overlap lie one in the other", () => {
    fc.assert(
      fc.property(near, ([one, other]) => {
        const nested = contains(cidr(one), cidr(other)) || contains(cidr(other), cidr(one));
        expect(overlap(cidr(one), cidr(other))).toBe(nested);
      }),
    );
  });
});

describe("takeSubnets", () => {
  const pool = network({ min: 18, max: 25 });
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 12 });
  /** Up to a few networks within the pool or around it. */
  const pools = pool.chain((range) =>
    fc.record({
      range: fc.constant(range),
      names,
      taken: fc.array(
        fc.record({ at: fc.nat(range.last - range.first), bits: fc.integer({ min: 17, max: 32 }) }),
        { maxLength: 4 },
      ),
    }),
  );

  test("subnets are /24s of the pool and overlap neither each other nor those in use", () => {
    fc.assert(
      fc.property(pools, ({ range, names, taken }) => {
        const used = taken.map(({ at, bits }) => cidr({ first: range.first + at, bits }));
        const found = [...takeSubnets(cidr(range), names, used).values()];
        found.forEach((subnet, index) => {
          expect(parseCidr(subnet).bits).toBe(24);
          expect(contains(cidr(range), subnet)).toBe(true);
          const others = [...used, ...found.slice(0, index)];
          expect(others.filter((other) => overlap(other, subnet))).toEqual([]);
        });
      }),
    );
  });

  test("a name more moves no other", () => {
    fc.assert(
      fc.property(pools, ({ range, names }) => {
        const all = takeSubnets(cidr(range), names, []);
        const few = takeSubnets(cidr(range), names.slice(0, -1), []);
        for (const [name, subnet] of few) expect(all.get(name)).toBe(subnet);
      }),
    );
  });
});
