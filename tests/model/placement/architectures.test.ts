import { describe, expect, test } from "vitest";
import {
  nodePlatform,
  reportedName,
  wrongBuildPlatform,
} from "../../../components/model/placement/architectures";

describe("a constraint on node.platform.arch", () => {
  test.each(["x86_64", "aarch64", "armv7l", "AARCH64", "ppc64", "mips", "armv5tel", "alpha"])(
    "takes %s, which a node may report",
    (name) => expect(reportedName(name)).toBeUndefined(),
  );
  test.each([
    ["amd64", "x86_64"],
    ["ARM64", "aarch64"],
    ["arm/v7", "armv7l"],
    ["arm", "armv7l"],
    ["armhf", "armv7l"],
    ["386", "i686"],
    ["aarch46", "aarch64"],
    ["x86_46", "x86_64"],
  ])("means %s as %s", (name, reported) => expect(reportedName(name)).toBe(reported));
});

test.each([
  ["linux/arm/v7", "linux/armv7l"],
  ["linux/arm", "linux/armv7l"],
  ["arm/v6", "linux/armv6l"],
  ["armhf", "linux/armv7l"],
  ["linux/arm64/v8", "linux/arm64"],
  ["arm64", "linux/arm64"],
  ["windows/amd64", "windows/amd64"],
])("the platform %s of an image is %s of a node", (platform, node) => {
  expect(nodePlatform(platform)).toBe(node);
});

describe("a platform to build for", () => {
  test.each([
    "linux/arm",
    "linux/arm/v7",
    "linux/amd64/v3",
    "linux/arm64/v8",
    "linux/armhf",
    "wasi/wasm",
  ])("is passed on as %s", (platform) => expect(wrongBuildPlatform(platform)).toBeUndefined());
  const unknown = (platform: string, meant: string) => ({
    found: `"${platform}", which no builder knows`,
    fix: `\`${meant}\``,
  });
  test.each([
    ["linux/amd46", "linux/amd64"],
    ["linux/arm46/v8", "linux/arm64/v8"],
    ["arm/v7", "linux/arm/v7"],
    ["arm64", "linux/arm64"],
  ])("is refused as %s with %s", (platform, meant) => {
    expect(wrongBuildPlatform(platform)).toEqual(unknown(platform, meant));
  });
  test("that is like none gets the example", () => {
    expect(wrongBuildPlatform("linux/zzzzzzzz")).toEqual({});
    expect(wrongBuildPlatform("linux")).toEqual({});
  });
});
