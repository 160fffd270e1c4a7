import { expect, test } from "vitest";
import { platformSchema } from "../../../components/config/schema/platform";
import { platformEntry } from "../../../components/config/schema/platform-entry";
import { findingsIn } from "../../../components/model/fields/findings";

const git = {
  git: "https://example.org/shop.git",
  ref: "6f1893a0c2f5b9d6a1e8d3c7b4a09f2e5d6c7b8a",
};
const isSource = (path: string) =>
  findingsIn(platformEntry, { source: { ...git, path } }).length === 0;
const base = { folder: "/yard", services: {} };
const isSeed = (path: string) =>
  findingsIn(platformSchema, { ...base, volumes: { data: { seed: { [path]: "a" } } } }).length ===
  0;
const isDirectory = (path: string) =>
  findingsIn(platformSchema, { ...base, directories: { [path]: {} } }).length === 0;

const breaks = ["\n", "\r", "\u2028", "\u2029"];

test("a folder of a repository stays in it, whatever stands before `..`", () => {
  expect(["deploy", "a/b..c/..d", "a.b/", "."].filter((path) => !isSource(path))).toEqual([]);
  const out = ["/etc", "..", "../etc", "a/..", "a/../../etc"];
  const hidden = breaks.flatMap((one) => [`a${one}/../../../etc`, `${one}/../etc`, `a${one}`]);
  expect([...out, ...hidden].filter(isSource)).toEqual([]);
});

test("so do paths in a volume, and directories of the nodes", () => {
  expect([isSeed("prompts/a"), isDirectory("/srv/data")]).toEqual([true, true]);
  const hidden = breaks.flatMap((one) => [`a${one}/../../etc`, `a${one}`]);
  expect(["../etc", "a/..", ...hidden].filter(isSeed)).toEqual([]);
  const paths = ["srv", "/srv/..", "/srv/", "/", ...hidden.map((path) => `/${path}`)];
  expect(paths.filter(isDirectory)).toEqual([]);
});
