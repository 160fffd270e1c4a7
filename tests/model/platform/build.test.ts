import { expect, test } from "vitest";
import {
  buildKitNeeds,
  buildKitSyntax,
  isBuiltByCommand,
  isContextFolder,
} from "../../../components/model/platform/build";

test.each([
  ["FROM a\nRUN --mount=type=cache,target=/c make\n", "--mount"],
  ["FROM a\nrun --network=none --mount=type=secret,id=x make\n", "--network"],
  ["FROM a\nRUN \\\n  # why\n  --mount=type=tmpfs,target=/x make\n", "--mount"],
  ["FROM a\nCOPY --from=b --link x /x\n", "--link"],
  ["FROM a\nADD --chmod=755 x /x\n", "--chmod"],
  ["FROM a\nRUN <<EOF\nmake\nEOF\n", "<<EOF"],
  ["FROM a\nCOPY <<-'end' /x\nhi\n\tend\n", "<<-'end'"],
  ["FROM --platform=$BUILDPLATFORM a\n", "--platform=$BUILDPLATFORM"],
  ["FROM --platform=${TARGETPLATFORM} a\n", "--platform=$TARGETPLATFORM"],
  ["ARG BUILDPLATFORM=linux/amd64\nFROM --platform=$BUILDPLATFORM a\n", undefined],
  ["# syntax=docker/dockerfile:1\nFROM a\nCOPY --from=b --chown=1:1 x /x\n", undefined],
  ["FROM a\nRUN echo $((1<<N)) && cat --mount\n", undefined],
  ["FROM a\n# RUN --mount=type=cache,target=/c make\n", undefined],
])("%j asks for %s", (text, syntax) => {
  expect(buildKitSyntax(text)).toBe(syntax);
});

test("text that is not a Dockerfile takes no time", () => {
  const started = performance.now();
  expect(buildKitSyntax("RUN --a \\\n".repeat(100_000))).toBeUndefined();
  expect(buildKitSyntax(`RUN ${"--a ".repeat(50_000)}x`)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(5000);
});

test("only what the Docker engine's own builder does not do needs BuildKit", () => {
  expect(buildKitNeeds({}, "FROM a")).toEqual([]);
  expect(buildKitNeeds({ cacheFrom: ["x"], dockerfileText: "FROM a" }, undefined)).toEqual([]);
  const all = {
    secrets: { a: { config: "a" } },
    ssh: ["default"],
    contexts: { a: "b" },
    platforms: ["linux/amd64"],
  };
  expect(buildKitNeeds(all, "FROM a\nCOPY --link a b")).toEqual([
    "secrets",
    "ssh",
    "contexts",
    "platforms",
    "`--link` in its Dockerfile",
  ]);
});

test("every other build stays with the Docker plugin", () => {
  expect(isBuiltByCommand({}, "FROM a")).toBe(false);
  expect(isBuiltByCommand({ secrets: {}, cacheFrom: [] }, "FROM a")).toBe(false);
  expect(isBuiltByCommand({ ulimits: {} }, "FROM a")).toBe(true);
  expect(isBuiltByCommand({ entitlements: ["network.host"] }, "FROM a")).toBe(true);
  expect(isBuiltByCommand({ cacheTo: ["type=inline"] }, "FROM a")).toBe(true);
  expect(isBuiltByCommand({ dockerfileText: "FROM a" }, "FROM a")).toBe(true);
});

test.each([
  ["../assets", true],
  ["/srv/x", true],
  ["docker-image://debian:13", false],
  ["https://example.org/x.git", false],
  ["git@example.org:x", false],
  ["oci-layout:///x", false],
])("%s is a folder: %s", (place, folder) => {
  expect(isContextFolder(place)).toBe(folder);
});
