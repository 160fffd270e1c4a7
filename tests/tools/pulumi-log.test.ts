import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withoutLog } from "../../tools/setup/pulumi-log";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pulumi-log-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const logs = () => statSync(join(home, "logs"), { throwIfNoEntry: false });

test("a file takes the place of the folder, and the logs of before are removed", () => {
  mkdirSync(join(home, "logs"));
  writeFileSync(join(home, "logs", "pulumi-20261127T064431-1-preview.log"), "secrets");
  withoutLog(home, {});
  expect(logs()?.isFile()).toBe(true);
  expect(readFileSync(join(home, "logs"), "utf8")).toContain("SWARMYARD_DEBUG=1");
});

test("it is left alone from then on", () => {
  withoutLog(home, {});
  writeFileSync(join(home, "logs"), "mine");
  withoutLog(home, {});
  expect(readFileSync(join(home, "logs"), "utf8")).toBe("mine");
});

test("with SWARMYARD_DEBUG Pulumi logs: the file goes, a folder stays", () => {
  withoutLog(home, {});
  withoutLog(home, { SWARMYARD_DEBUG: "1" });
  expect(logs()).toBeUndefined();
  mkdirSync(join(home, "logs"));
  withoutLog(home, { SWARMYARD_DEBUG: "1" });
  expect(logs()?.isDirectory()).toBe(true);
});
