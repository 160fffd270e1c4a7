import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./sources";

interface Locked {
  readonly integrity?: string;
}

test("npm can check every package that the lock file names", () => {
  const text = readFileSync(join(root, "package-lock.json"), "utf8");
  const { "": _, ...packages }: { readonly [path: string]: Locked } = JSON.parse(text).packages;
  const unchecked = Object.entries(packages).filter(([, { integrity }]) => integrity === undefined);
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(unchecked.map(([path]) => path)).toEqual([]);
});
