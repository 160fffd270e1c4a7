import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../setup/folders";
import { interruption } from "../setup/interruption";
import { capture, ending, findCommand } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { reportVariables } from "./reporter";
import { oneCheck, oneSkip, sum, type Tally } from "./tally";

/** Suites that need a Docker engine and a Pulumi, in the order in which they are run. */
export const engineSuites = ["conformance", "peer", "e2e"] as const;

/** Runs a command with its output shown. @returns its exit status */
async function show(
  progress: Progress,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const forget = interruption.watch(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      process.stdout.write(chunk);
      progress.touch();
    });
  }
  const status = await ending(child).finally(forget);
  interruption.throwIfInterrupted();
  return status;
}

/** Format, lint, types and shell scripts. */
export async function runChecks(progress: Progress): Promise<Tally> {
  const tool = (name: string) => join(root, "node_modules", ".bin", name);
  const lint = await show(progress, tool("biome"), ["check", "."]);
  const types = await show(progress, tool("tsc"), ["--noEmit"]);
  return sum([
    oneCheck("biome check", lint === 0),
    oneCheck("tsc --noEmit", types === 0),
    await checkScripts(progress),
  ]);
}

async function checkScripts(progress: Progress): Promise<Tally> {
  if (findCommand("shellcheck") === undefined) {
    return oneSkip("shellcheck", "it is not installed on this machine");
  }
  const { stdout } = await capture("git", ["ls-files", "-z"], { cwd: root });
  const scripts = stdout.split("\0").filter((file) => file !== "" && isScript(join(root, file)));
  const status = scripts.length === 0 ? 0 : await show(progress, "shellcheck", scripts);
  return oneCheck(`shellcheck of ${scripts.length} scripts`, status === 0);
}

function isScript(path: string): boolean {
  if (!existsSync(path) || /\.(ts|md|json|png)$/.test(path)) {
    return false;
  }
  return /^#!.*\b(sh|bash|dash)\b/.test(readFileSync(path, "utf8").slice(0, 100));
}

/** Pure and component tests. */
export function runUnitTests(progress: Progress): Promise<Tally> {
  return runVitest(progress, "unit tests", [], {});
}

/** One suite on a real engine. */
export async function runEngineSuite(
  progress: Progress,
  suite: (typeof engineSuites)[number],
  env: NodeJS.ProcessEnv,
): Promise<Tally> {
  const folder = join(root, "tests", suite);
  if (!existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith(".test.ts"))) {
    return oneSkip(`tests/${suite}`, "there are no tests in it");
  }
  const args = ["--config", "vitest.e2e.config.ts", join("tests", suite)];
  return runVitest(progress, `tests/${suite}`, args, { ...env, [reportVariables.lines]: "1" });
}

/** Runs vitest with its output shown, and each test's end when `env` asks for lines. */
export async function runVitest(
  progress: Progress,
  title: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-tally-"));
  const file = join(folder, "tally.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=./tools/test/reporter.ts"];
  try {
    progress.line(`Running ${title}.`);
    const status = await progress.during(title, () =>
      show(progress, process.execPath, [vitest, "run", ...args, ...reporters], {
        ...process.env,
        ...env,
        [reportVariables.file]: file,
      }),
    );
    return readTally(file, title, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that ended badly without a failed test is a failure too. */
function readTally(file: string, title: string, status: number): Tally {
  if (!existsSync(file)) {
    return oneCheck(`${title}: vitest ended with status ${status} and no report`, false);
  }
  const tally: Tally = JSON.parse(readFileSync(file, "utf8"));
  const unexplained = status !== 0 && tally.failed.length === 0;
  const empty = tally.passed + tally.failed.length + tally.skipped.length === 0;
  const bad = oneCheck(`${title}: vitest ended with status ${status}`, false);
  return unexplained || empty ? sum([tally, bad]) : tally;
}
