import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { asPulumi } from "../../components/config/file/pulumi-yaml";

// What `pulumi config --json` of Pulumi 3.259.0 gives for each of these.
const measured: readonly [string, unknown][] = [
  ["0440", 288],
  ["0o440", 288],
  ["0O440", 288],
  ["0480", 480],
  ["-0440", -288],
  ["0_7", 7],
  ["00", 0],
  ["0", 0],
  ["1_000", 1000],
  ["1__0_", 10],
  ["_1", "_1"],
  ["1_0.5", 10.5],
  ["0b11", 3],
  ["0x1F", 31],
  ["0X1f", 31],
  ["1.10", 1.1],
  ["1.0", 1],
  ["1e3", 1000],
  [".5", 0.5],
  ["5.", 5],
  ["010.5", 10.5],
  ["+5", 5],
  ["12345678901234567890", 12345678901234567000],
  ["2024-01-01", "2024-01-01 00:00:00 +0000 UTC"],
  ["2024-1-1", "2024-01-01 00:00:00 +0000 UTC"],
  ["2024-01-01T10:00:00Z", "2024-01-01 10:00:00 +0000 UTC"],
  ["2024-01-01 10:00:00", "2024-01-01 10:00:00 +0000 UTC"],
  ["2024-01-01T10:00:00.5+02:00", "2024-01-01 10:00:00.5 +0200 +0200"],
  ["2024-13-45", "2024-13-45"],
  ["yes", "yes"],
  ["no", "no"],
  ["on", "on"],
  ["n", "n"],
  ["True", true],
  ["12:30", "12:30"],
  ["1.2.3", "1.2.3"],
  ["1 000", "1 000"],
  ["1e", "1e"],
  ["1d", "1d"],
  ["inf", "inf"],
  ['"0440"', "0440"],
  ["!!str 0440", "0440"],
];

describe("map reads a plain value as Pulumi does", () => {
  test.each(measured)("%s", (written, value) => {
    expect(parse(`value: ${written}`, asPulumi)).toEqual({ value });
  });

  test("and a plain name", () => {
    const names = parse("{ 1.10: a, 0440: b, 2024-01-01: c, True: d, 1: e }", asPulumi);
    expect(Object.keys(names).sort()).toEqual([
      "1",
      "1.1",
      "2024-01-01 00:00:00 +0000 UTC",
      "288",
      "true",
    ]);
  });
});
