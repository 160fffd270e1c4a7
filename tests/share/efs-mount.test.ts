import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { mountScript } from "../../components/share/efs-mount";

const shellcheck = spawnSync("shellcheck", ["--version"]).status === 0;

test("the script is what it was", () => {
  expect(mountScript()).toMatchSnapshot();
});

test("the script is valid bash", () => {
  execFileSync("bash", ["-n"], { input: mountScript() });
});

test.skipIf(!shellcheck)("the script passes shellcheck (skipped without shellcheck)", () => {
  const result = spawnSync("shellcheck", ["--shell=bash", "-"], { input: mountScript() });
  expect({ status: result.status, report: String(result.stdout) }).toEqual({
    status: 0,
    report: "",
  });
});
