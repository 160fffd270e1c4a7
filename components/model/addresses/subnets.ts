import { IPv4 } from "ipaddr.js";
import { allot } from "./spread";

/** A range of IPv4 addresses as numbers. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** Bits of the prefix. */
  readonly bits: number;
}

/** Reads `10.0.0.0/16`; bits of the host part are ignored. Undefined for any other text. */
export function rangeOf(cidr: string): Range | undefined {
  if (!IPv4.isValidCIDRFourPartDecimal(cidr)) return undefined;
  const [ip, bits] = IPv4.parseCIDR(cidr);
  const address = ip.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - bits);
  const first = address - (address % size);
  return { first, last: first + size - 1, bits };
}

/** The same for text that must be a network. @throws Error for any other text */
export function parseCidr(cidr: string): Range {
  const range = rangeOf(cidr);
  if (range === undefined) {
    throw new Error(`${cidr} is not an IPv4 network such as 10.64.0.0/16`);
  }
  return range;
}

/** Writes an address as dotted text. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** True when two IPv4 networks share an address; false when one of them is not a network. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

/** True when all addresses of `inner` are in `outer`; false when one of them is not a network. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a !== undefined && b !== undefined && a.first <= b.first && b.last <= a.last;
}

const SUBNET_BITS = 24;

/**
 * Takes a /24 of the pool for each name. It depends on the name alone unless two clash;
 * a subnet that overlaps with `taken` is passed over. Names for which nothing is left are left out.
 */
export function takeSubnets(
  pool: string,
  names: readonly string[],
  taken: readonly string[],
): ReadonlyMap<string, string> {
  const range = parseCidr(pool);
  const count = Math.floor(2 ** (SUBNET_BITS - range.bits));
  const subnet = (slot: number) => `${addressText(range.first + slot * 256)}/${SUBNET_BITS}`;
  const slots = allot(names, count, (slot) => taken.some((cidr) => overlap(cidr, subnet(slot))));
  return new Map([...slots].map(([name, slot]) => [name, subnet(slot)]));
}
