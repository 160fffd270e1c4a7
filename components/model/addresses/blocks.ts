/** First and last address of an IPv4 block such as `10.1.0.0/24`; undefined when it is none. */
export function blockOf(
  cidr: string,
): { readonly first: number; readonly last: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  const numbers = (match ?? []).slice(1).map(Number);
  const length = numbers[4] ?? 33;
  const parts = numbers.slice(0, 4);
  if (!match || length > 32 || parts.some((part) => part > 255)) {
    return undefined;
  }
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - length);
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}

/** True when two IPv4 blocks share an address. */
export function overlap(left: string, right: string): boolean {
  const [a, b] = [blockOf(left), blockOf(right)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

/** True when the address (without a length) lies in the block. */
export function contains(cidr: string, address: string): boolean {
  return overlap(cidr, `${address}/32`);
}
