import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";

const shellcheck = spawnSync("shellcheck", ["--version"]).status === 0;

/** Declares tests that texts are valid bash, and that shellcheck says nothing of them. */
export function lintScripts(scripts: { readonly [name: string]: string }): void {
  describe.each(Object.entries(scripts))("%s", (_, script) => {
    test("is valid bash", () => {
      execFileSync("bash", ["-n"], { input: script });
    });

    test.skipIf(!shellcheck)("passes shellcheck (skipped without shellcheck)", () => {
      const { stdout, status } = spawnSync("shellcheck", ["--shell=bash", "-"], { input: script });
      expect({ status, report: String(stdout) }).toEqual({ status: 0, report: "" });
    });
  });
}
