import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../setup/progress";
import type { FileResult } from "./proof";
import { reportVariables } from "./reporter";
import { type Scenario, scenariosVariable } from "./scenarios";
import { runVitest } from "./suites";
import type { Tally } from "./tally";

/** Runs one file of trust in a run of its own, so that its failure stops no other file. */
export async function runTrustFile(
  progress: Progress,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly tally: Tally; readonly result: Omit<FileResult, "place"> }> {
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-scenarios-"));
  const output = join(folder, "scenarios.json");
  const args = ["--config", "vitest.e2e.config.ts", "--reporter=./tools/test/scenarios.ts", file];
  const at = new Date();
  try {
    const tally = await runVitest(progress, file, args, {
      ...env,
      [reportVariables.lines]: "1",
      [scenariosVariable]: output,
    });
    const seconds = (Date.now() - at.getTime()) / 1000;
    const scenarios: Scenario[] = existsSync(output)
      ? JSON.parse(readFileSync(output, "utf8"))
      : [];
    return { tally, result: { file, at, seconds, scenarios } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
