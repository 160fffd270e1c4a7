import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { reportVariables } from "../../tools/test/reporter";
import { closingLines } from "../../tools/test/tally";

const root = join(__dirname, "../..");

test("a step that fails ends its own file only, and the tally names all", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runner-"));
  const tally = join(folder, "tally.json");
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env;
  try {
    const args = ["run", "--config", join(__dirname, "runner/vitest.config.mts")];
    const run = promisify(execFile)(
      process.execPath,
      [join(root, "node_modules/vitest/vitest.mjs"), ...args],
      { cwd: root, env: { ...env, [reportVariables.tally]: tally } },
    );
    await expect(run).rejects.toMatchObject({ code: 1 });
    expect(closingLines(JSON.parse(readFileSync(tally, "utf8")))).toEqual([
      "skipped: failing.steps.ts > three: an earlier test failed",
      "skipped: passing.steps.ts > five: marked so in its file",
      "failed: failing.steps.ts > two",
      "2 passed, 1 failed, 2 skipped",
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
