import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withoutLog } from "../../tools/setup/pulumi-log";
import { commandLine } from "./plugins";

const { path = "", missing } = commandLine();
const suffix = missing === undefined ? "" : ` (skipped: ${missing})`;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function version() {
  const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { status, stdout, stderr } = spawnSync(path, ["version"], { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

// Fails when Pulumi logs elsewhere: then every run pays for the log again.
test.skipIf(missing !== undefined)(`Pulumi logs into the folder logs${suffix}`, () => {
  expect(version().status).toBe(0);
  expect(existsSync(join(home, "logs"))).toBe(true);
});

test.skipIf(missing !== undefined)(`Pulumi says nothing when it cannot log${suffix}`, () => {
  const before = version();
  withoutLog(home, {});
  expect(version()).toEqual(before);
  expect(before.stderr).toBe("");
});
