import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatDuration,
  milliseconds,
  parseBytes,
  parseDuration,
} from "../../components/model/quantities";
import { fc } from "../properties";

/** Numbers of all sizes, not only huge ones. */
const amount = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(5000),
  fc.tuple(fc.nat(4000), fc.integer({ min: 0, max: 4 })).map(([n, power]) => n * 1024 ** power),
  fc.tuple(fc.nat(2000), fc.constantFrom(1, 1e3, 1e6, 1e9, 60e9)).map(([n, unit]) => n * unit),
);

const units = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const;
const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]));

describe("durations", () => {
  test("are written and read without loss", () => {
    fc.assert(
      fc.property(amount, (ns) => {
        expect(parseDuration(formatDuration(ns))).toBe(ns);
      }),
    );
  });

  test("the parts of a text add up", () => {
    const parts = fc.array(fc.tuple(fc.nat(500), unit), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, (parts) => {
        const text = parts.map(([value, unit]) => `${value}${unit}`).join("");
        const sum = parts.reduce((total, [value, unit]) => total + value * units[unit], 0);
        expect(parseDuration(text)).toBe(sum);
      }),
    );
  });

  test("decimals are exact", () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(999), (whole, thousandths) => {
        const text = `${whole}.${String(thousandths).padStart(3, "0")}s`;
        expect(parseDuration(text)).toBe((whole * 1000 + thousandths) * 1e6);
      }),
    );
  });

  test("a timer never ends early", () => {
    fc.assert(
      fc.property(amount, (ns) => {
        const timer = milliseconds(formatDuration(ns));
        expect(BigInt(timer) * 1_000_000n >= BigInt(ns)).toBe(true);
      }),
    );
  });
});

describe("sizes", () => {
  test("are written and read without loss", () => {
    fc.assert(
      fc.property(amount, (bytes) => {
        expect(parseBytes(formatBytes(bytes))).toBe(bytes);
      }),
    );
  });

  test("all spellings of a unit mean the same", () => {
    const letter = fc.constantFrom("k", "m", "g", "t");
    fc.assert(
      fc.property(fc.nat(999), letter, (value, letter) => {
        const spellings = ["", "b", "ib", "i", "B", "iB"].map((end) => `${value}${letter}${end}`);
        const upper = spellings.map((text) => text.toUpperCase());
        const bytes = value * 1024 ** ("kmgt".indexOf(letter) + 1);
        expect(new Set([...spellings, ...upper].map(parseBytes))).toEqual(new Set([bytes]));
      }),
    );
  });
});
