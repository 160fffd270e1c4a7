import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../setup/folders";
import { interruption } from "../setup/interruption";
import { ending } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { reportVariables } from "./reporter";
import { oneCheck, sum, type Tally } from "./tally";
import { testedVariables } from "./tested-engines";

/** Runs a command with its output shown. @returns its exit status */
export async function show(
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

/**
 * Runs projects of vitest.config.mts in one run, with their output shown.
 *
 * @param words parts of file names. @default all files
 * @param reporter `verbose` prints each test as it ends. @default "default"
 */
export async function runProjects(
  progress: Progress,
  projects: readonly string[],
  { words = [], env = {}, reporter = "default" }: VitestOptions = {},
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-tally-"));
  const file = join(folder, "tally.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = [`--reporter=${reporter}`, "--reporter=./tools/test/reporter.ts"];
  const chosen = projects.map((project) => `--project=${project}`);
  const title = `tests of ${projects.join(", ")}`;
  try {
    progress.line(`Running ${title}.`);
    const status = await progress.during(title, () =>
      show(progress, process.execPath, [vitest, "run", ...chosen, ...reporters, ...words], {
        ...process.env,
        ...env,
        [reportVariables.tally]: file,
        [testedVariables.seen]: join(folder, "engines"),
      }),
    );
    return checked(file, title, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface VitestOptions {
  readonly words?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly reporter?: "default" | "verbose";
}

/** A run that failed without a failed test is a failure too. */
function checked(file: string, title: string, status: number): Tally {
  if (!existsSync(file)) {
    return oneCheck(`${title}: vitest ended with status ${status} and no report`, false);
  }
  const tally: Tally = JSON.parse(readFileSync(file, "utf8"));
  const unexplained = status !== 0 && tally.failed.length === 0;
  const empty = tally.passed + tally.failed.length + tally.skipped.length === 0;
  const bad = oneCheck(`${title}: vitest ended with status ${status}`, false);
  return unexplained || empty ? sum([tally, bad]) : tally;
}
