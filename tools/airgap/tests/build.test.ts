import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultCacheDir, told } from "../build";
import { lastLines } from "../compile";
import { Store } from "../store";
import { compareGo, goProblem } from "../toolchain";

describe("the cache folder", () => {
  test("honors XDG_CACHE_HOME, and an empty one counts as unset", () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: "/there" })).toBe("/there/swarmyard/engine");
    expect(defaultCacheDir({ XDG_CACHE_HOME: "" })).toMatch(/\/\.cache\/swarmyard\/engine$/);
  });
});

describe("the Go that is found", () => {
  test("is compared by number", () => {
    expect(compareGo("go1.9.1", "1.26")).toBeLessThan(0);
    expect(compareGo("go1.26.8", "1.26")).toBe(0);
    expect(compareGo("go1.26rc1", "1.26")).toBe(0);
    expect(compareGo("go2.0", "1.26")).toBeGreaterThan(0);
  });

  test.each([
    ["go1.26.0", "local", undefined],
    ["go1.22.3", "auto", undefined],
    ["go1.22.3", "go1.22.3+auto", undefined],
    ["go1.22.3", "local", /GOTOOLCHAIN=local/],
    ["go1.19.8", "", /Go 1\.19\.8 is too old .* install Go 1\.26 or newer/],
  ])("%s with GOTOOLCHAIN=%s", (found, toolchain, expected) => {
    const problem = goProblem(found, toolchain, "1.26");
    if (expected === undefined) {
      expect(problem).toBeUndefined();
    } else {
      expect(problem).toMatch(expected);
    }
  });
});

describe("the store", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "airgap-store-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("shows a folder only when it is whole", async () => {
    const store = new Store(root);
    await store.add("parts", "a", (folder) => {
      writeFileSync(join(folder, "one"), "1");
      expect(store.has("parts", "a")).toBe(false);
    });
    expect(existsSync(join(store.path("parts", "a"), "one"))).toBe(true);
  });

  test("keeps nothing of a failure", async () => {
    const store = new Store(root);
    const failing = store.add("parts", "a", (folder) => {
      writeFileSync(join(folder, "one"), "1");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(store.has("parts", "a")).toBe(false);
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });

  test("lets the first of two runs win", async () => {
    const store = new Store(root);
    await store.add("parts", "a", async (folder) => {
      await store.add("parts", "a", (inner) => writeFileSync(join(inner, "first"), ""));
      writeFileSync(join(folder, "second"), "");
    });
    expect(readdirSync(store.path("parts", "a"))).toEqual(["first"]);
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });

  test("sweeps what dead runs left, and nothing of living ones", () => {
    const dead = join(root, "tmp", "999999999-x");
    const living = join(root, "tmp", `${process.pid}-x`);
    mkdirSync(dead, { recursive: true });
    mkdirSync(living);
    new Store(root).sweep();
    expect([existsSync(dead), existsSync(living)]).toEqual([false, true]);
  });
});

describe("progress", () => {
  test("is a line when a part begins and one when it ends", async () => {
    const lines: string[] = [];
    await told(
      "the Pulumi engine",
      (line) => lines.push(line),
      () => Promise.resolve(),
    );
    expect(lines).toEqual([
      "building the Pulumi engine from Go modules",
      "built the Pulumi engine in 0s",
    ]);
  });
});

describe("what an error repeats of go's output", () => {
  test("is its end, without what was fetched", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const text = lastLines(`${lines.join("\n")}\ngo: downloading a v1\n`);
    expect(text.split("\n")).toEqual(lines.slice(-15));
  });
});
