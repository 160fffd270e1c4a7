import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeStalePid } from "../../tools/setup/engine";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pid-"));
  file = join(folder, "docker.pid");
  writeFileSync(file, "4321\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a process id that now belongs to something else does not keep a Docker engine from starting", () => {
  removeStalePid(file, () => false);
  expect(existsSync(file)).toBe(false);
});

test("the process id of a living engine stays", () => {
  removeStalePid(file, (pid) => pid === 4321);
  expect(existsSync(file)).toBe(true);
});

test("without a file there is nothing to do", () => {
  rmSync(file);
  expect(() => removeStalePid(file, () => false)).not.toThrow();
});
