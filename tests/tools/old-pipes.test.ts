import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clearOldPipes } from "../../tools/setup/old-pipes";

test("folders of pipes that no process has open are removed when they are old, and no others", () => {
  const folder = mkdtempSync(join(tmpdir(), "pipes-"));
  for (const name of ["pulumi-node-pipes1", "pulumi-node-pipes2", "pulumi-other"]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "invoke_req"), "");
  }
  const used = openSync(join(folder, "pulumi-node-pipes2/invoke_req"), "r");
  const later = Date.now() + 61_000;
  expect(clearOldPipes(folder)).toBe(0);
  expect(clearOldPipes(folder, later)).toBe(1);
  expect(readdirSync(folder).sort()).toEqual(["pulumi-node-pipes2", "pulumi-other"]);
  closeSync(used);
  expect(clearOldPipes(folder, later)).toBe(1);
  expect(readdirSync(folder)).toEqual(["pulumi-other"]);
  expect(clearOldPipes("/not/there", later)).toBe(0);
  rmSync(folder, { recursive: true });
});
