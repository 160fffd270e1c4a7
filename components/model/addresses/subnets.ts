import { allot } from "./spread";

/** A range of IPv4 addresses as numbers. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** Bits of the prefix. */
  readonly bits: number;
}

/** Reads `10.0.0.0/16`; bits of the host part are ignored. Fails on other text. */
export function parseCidr(cidr: string): Range {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (match === null) throw new Error(`${cidr} is not an IPv4 network such as 10.64.0.0/16`);
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  const size = 2 ** (32 - bits);
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1, bits };
}

/** Writes an address as dotted text. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** True when two networks share an address. */
export function overlap(one: string, other: string): boolean {
  const a = parseCidr(one);
  const b = parseCidr(other);
  return a.first <= b.last && b.first <= a.last;
}

/** True when all addresses of `inner` are in `outer`. */
export function contains(outer: string, inner: string): boolean {
  const a = parseCidr(outer);
  const b = parseCidr(inner);
  return a.first <= b.first && b.last <= a.last;
}

const SUBNET_BITS = 24;

/**
 * Takes a /24 of the pool for each name. It depends on the name alone unless two clash;
 * what is taken already is passed over. Names for which nothing is left are left out.
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
