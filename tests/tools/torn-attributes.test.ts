import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clearTornAttributes } from "../../tools/setup/torn-attributes";

test("attributes that were written in part are removed, whole ones and states stay", () => {
  const backend = mkdtempSync(join(tmpdir(), "torn-"));
  const folder = join(backend, ".pulumi/stacks/swarmyard");
  mkdirSync(folder, { recursive: true });
  const files = {
    "local.json": "",
    "local.json.attrs": "",
    "local.json.bak": "{}",
    "local.json.bak.attrs": '{"user.cache_control":"","md5":"',
    "other.json.attrs": '{"md5":"x"}\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  expect(clearTornAttributes(backend)).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(["local.json", "local.json.bak", "other.json.attrs"]);
  expect(clearTornAttributes(backend)).toBe(0);
  rmSync(backend, { recursive: true });
});

test("a backend that does not exist yet has none", () => {
  expect(clearTornAttributes("/not/there")).toBe(0);
});
