import { describe, expect, test } from "vitest";
import { buildArguments, engineKey, type Part, partKey, partsOf } from "../parts";
import { isSource } from "../sources";
import versions from "../versions.json";

const platform = "linux/x64";
const files = [
  { path: "cli/go.mod", content: "module a" },
  { path: "cli/go.sum", content: "b" },
];

function part(name: string, changed: Partial<typeof versions> = {}): Part {
  const found = partsOf({ ...versions, ...changed }).find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`there is no part ${name}`);
  }
  return found;
}

describe("the key of a part", () => {
  const key = partKey(part("cli"), files, platform);

  test("begins with its name and is the same for the same sources in any order", () => {
    expect(key).toMatch(/^cli-[0-9a-f]{16}$/);
    expect(partKey(part("cli"), [...files].reverse(), platform)).toBe(key);
  });

  test("changes with the content, the name and the number of its files", () => {
    const [mod, sum] = files as [(typeof files)[0], (typeof files)[0]];
    const others = [
      [mod, { ...sum, content: "c" }],
      [mod, { ...sum, path: "cli/other.sum" }],
      [mod],
      [
        { ...mod, content: "b" },
        { ...sum, content: "module a" },
      ],
    ].map((changed) => partKey(part("cli"), changed, platform));
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });

  test("changes with its own version and the machine, and with no other part's version", () => {
    expect(partKey(part("cli", { cli: "3.260.0" }), files, platform)).not.toBe(key);
    expect(partKey(part("cli"), files, "linux/arm64")).not.toBe(key);
    expect(partKey(part("cli", { command: "9.9.9" }), files, platform)).toBe(key);
  });
});

describe("the key of a Pulumi engine", () => {
  test("changes with each part and with where a part goes", () => {
    const parts = partsOf(versions);
    const keys = parts.map((one) => one.name);
    const moved = partsOf({ ...versions, docker: "5.3.0" });
    const all = [
      engineKey(parts, keys),
      engineKey(parts, ["other", ...keys.slice(1)]),
      engineKey(moved, keys),
    ];
    expect(new Set(all).size).toBe(3);
    expect(engineKey(partsOf(versions), keys)).toBe(all[0]);
  });
});

describe("a part", () => {
  test("is where the Pulumi engine looks for it", () => {
    expect(partsOf(versions).map((one) => `${one.folder}/${one.binary}`)).toEqual([
      "bin/pulumi",
      `plugins/resource-docker-v${versions.docker}/pulumi-resource-docker`,
      `plugins/resource-command-v${versions.command}/pulumi-resource-command`,
      "bin/pulumi-language-nodejs",
    ]);
  });

  test("carries its version", () => {
    expect(buildArguments(part("command"), "/out")).toEqual([
      "build",
      "-ldflags",
      `-s -w -X main.version=${versions.command}`,
      "-o",
      "/out",
      ".",
    ]);
  });
});

describe("isSource", () => {
  test.each([
    ["command-plugin/remote/dial.go", true],
    ["cli/go.mod", true],
    ["cli/go.sum", true],
    ["parent/parent_test.go", false],
    ["README.md", false],
    ["cli/algo.mod", false],
  ])("%s: %s", (path, expected) => {
    expect(isSource(path)).toBe(expected);
  });
});
