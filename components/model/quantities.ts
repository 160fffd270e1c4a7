const UNITS: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** A longer text is a mistake, and reading it could take very long. */
const LONGEST_TEXT = 100;

function tooLong(text: string, what: string, example: string): RangeError {
  return new RangeError(`${text.length} characters are not ${what}; use for example ${example}`);
}

const SIZES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** `value` times `unit`, exact for decimals such as `1.5`. */
function scale(value: string, unit: bigint): bigint {
  const [whole = "0", fraction = ""] = value.split(".");
  const digits = BigInt(`${whole === "" ? "0" : whole}${fraction}`);
  return (digits * unit) / 10n ** BigInt(fraction.length);
}

/**
 * Nanoseconds of a duration such as `1m30s`, `500ms` or `1.5h`.
 * @throws RangeError when the text is not a duration
 */
export function parseDuration(text: string): number {
  if (text.length > LONGEST_TEXT) throw tooLong(text, "a duration", "10s");
  const trimmed = text.trim();
  if (trimmed === "0") {
    return 0;
  }
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(trimmed)) {
    throw new RangeError(`"${text}" is not a duration; use for example 10s, 1m30s or 500ms`);
  }
  let total = 0n;
  for (const [, value = "0", unit = "ns"] of trimmed.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += scale(value, UNITS[unit] ?? 1n);
  }
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`"${text}" is too long; the longest duration is 2500h`);
  }
  return Number(total);
}

/** Shortest exact text of a number of nanoseconds: 90e9 is `1m30s`, 0 is `0s`. */
export function formatDuration(nanoseconds: number): string {
  let rest = BigInt(Math.round(nanoseconds));
  const parts: string[] = [];
  for (const unit of ["h", "m", "s", "ms", "us", "ns"]) {
    const size = UNITS[unit] ?? 1n;
    if (rest >= size) {
      parts.push(`${rest / size}${unit}`);
      rest %= size;
    }
  }
  return parts.length === 0 ? "0s" : parts.join("");
}

/** Milliseconds of a duration text, for timers. */
export function milliseconds(text: string): number {
  return Math.ceil(parseDuration(text) / 1e6);
}

/**
 * Bytes of a size such as `512MiB`, `2GiB` or `512M`. As in Docker, all units are powers of 1024.
 * @throws RangeError when the text is not a size
 */
export function parseBytes(text: string): number {
  if (text.length > LONGEST_TEXT) throw tooLong(text, "a size", "512MiB");
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgtp])i?)?b?$/i.exec(text.trim());
  if (!match) {
    throw new RangeError(`"${text}" is not a size; use for example 512MiB or 2GiB`);
  }
  const [, value = "0", unit = ""] = match;
  const power = unit === "" ? 0 : "kmgtp".indexOf(unit.toLowerCase()) + 1;
  const total = scale(value, 1024n ** BigInt(power));
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`"${text}" is too large; the largest size is 7PiB`);
  }
  return Number(total);
}

/** A number, or the bytes of a text that is a size; undefined for anything else. */
export function bytesIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  try {
    return parseBytes(value);
  } catch {
    return undefined;
  }
}

/** Canonical text of a number of bytes: the largest unit that divides it, such as `512MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let power = 0;
  while (value !== 0 && value % 1024 === 0 && power < SIZES.length - 1) {
    value /= 1024;
    power += 1;
  }
  return `${value}${SIZES[power]}`;
}
