import { describe, expect, test } from "vitest";
import { LineCounter, parseDocument } from "yaml";
import type { LocatedFile } from "../../../components/config/file/lines";
import { milliseconds, verdict } from "../../../tools/ci/time-to-live";
import { mayExpire } from "../../../tools/commands/ci";

const now = Date.parse("2026-01-02T00:00:00Z");
const state = (time: string | undefined, types: readonly string[]) => ({
  deployment: {
    ...(time === undefined ? {} : { manifest: { time } }),
    resources: types.map((type) => ({ type })),
  },
});
const stack = "pulumi:pulumi:Stack";
const up = [stack, "aws:ec2/instance:Instance"];

describe("time to live", () => {
  test.each([
    ["12h", 43_200_000],
    ["3d", 259_200_000],
  ])("%s", (text, time) => expect(milliseconds(text)).toBe(time));

  test.each(["0h", "12", "h", "1w", ""])("%j is not a time", (text) => {
    expect(() => milliseconds(text)).toThrow(RangeError);
  });

  test("is over some time after the last up, and not before", () => {
    expect(verdict(state("2026-01-01T11:00:00Z", up), "12h", now)).toEqual({
      over: true,
      why: "it last changed 13.0 hours ago and lives for 12h",
    });
    expect(verdict(state("2026-01-01T13:00:00Z", up), "12h", now).over).toBe(false);
  });

  test.each([
    ["without a time to live", state("2020-01-01T00:00:00Z", up), undefined],
    ["that is not up", state("2020-01-01T00:00:00Z", [stack]), "1h"],
    ["without any state", {}, "1h"],
    ["whose state does not say when", state(undefined, up), "1h"],
    ["whose state says nonsense", state("soon", up), "1h"],
  ])("never ends for an environment %s", (_, given, timeToLive) => {
    expect(verdict(given, timeToLive, now).over).toBe(false);
  });
});

test("a file with problems counts when it may have a time to live", () => {
  const file = (text: string): LocatedFile => {
    const counter = new LineCounter();
    return {
      path: "Pulumi.a.yaml",
      document: parseDocument(text, { lineCounter: counter }),
      counter,
    };
  };
  expect(mayExpire([file("config: { swarmyard:share: 1 }"), file("name: swarmyard")])).toBe(false);
  expect(mayExpire([file("config: {}"), file("a: { timeToLive: 3d }")])).toBe(true);
  expect(mayExpire([file("config: [")])).toBe(true);
});
