import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatDuration,
  milliseconds,
  parseBytes,
  parseDuration,
} from "../../components/model/quantities";

describe("durations", () => {
  test.each([
    ["1m30s", 90e9, "1m30s"],
    ["90s", 90e9, "1m30s"],
    ["1.5h", 5400e9, "1h30m"],
    ["500ms", 5e8, "500ms"],
    ["0", 0, "0s"],
    ["0s", 0, "0s"],
    ["1h0m0s", 3600e9, "1h"],
    [".5s", 5e8, "500ms"],
    ["1µs", 1000, "1us"],
  ])("%s is %d ns and reads %s", (text, nanoseconds, canonical) => {
    expect(parseDuration(text)).toBe(nanoseconds);
    expect(formatDuration(nanoseconds)).toBe(canonical);
  });

  test.each(["", "10", "s", "1m 30s", "-5s", "5 minutes", "9999999h"])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });

  test("refuses a very long text at once", () => {
    const start = performance.now();
    for (const text of ["1".repeat(200_000), "1s".repeat(100_000), ".".repeat(200_000)]) {
      expect(() => parseDuration(text)).toThrow("200000 characters are not a duration");
      expect(() => parseBytes(text)).toThrow("200000 characters are not a size");
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("gives milliseconds for timers", () => {
    expect(milliseconds("1m")).toBe(60_000);
  });
});

describe("sizes", () => {
  test.each([
    ["512MiB", 512 * 2 ** 20, "512MiB"],
    ["512M", 512 * 2 ** 20, "512MiB"],
    ["2gb", 2 * 2 ** 30, "2GiB"],
    ["1.5GiB", 1.5 * 2 ** 30, "1536MiB"],
    ["1000", 1000, "1000B"],
    ["0", 0, "0B"],
  ])("%s is %d bytes and reads %s", (text, bytes, canonical) => {
    expect(parseBytes(text)).toBe(bytes);
    expect(formatBytes(bytes)).toBe(canonical);
  });

  test.each(["", "MiB", "12XB", "-1MiB", "99999PiB"])("refuses %j", (text) => {
    expect(() => parseBytes(text)).toThrow(RangeError);
  });
});
