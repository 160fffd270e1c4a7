import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import type { Progress } from "../setup/progress";
import type { Machine } from "../setup/session";
import { describeMachine } from "./machine";
import { type FileResult, type ProofPage, writeProof } from "./proof";
import { reportVariables } from "./reporter";
import { type Prepared, runTests } from "./run";
import { type Scenario, scenariosVariable } from "./scenarios";
import { runVitest } from "./suites";
import { oneSkip, type Tally } from "./tally";

/** Files of tests that are run one after the other, each with its results on a page. */
export interface FileSuite {
  /** Their folder in the checkout. */
  readonly suite: string;
  readonly page: ProofPage;
  /** Why they cannot be run on this machine; undefined when they can. @default they can */
  problem?(machine: Machine): Promise<string | undefined>;
}

/**
 * Runs the files of a suite, or those whose name has one of the given words, and writes each one's
 * results to its page. A file that fails stops no other.
 *
 * @throws Failure when no file is meant
 */
export async function runFiles(
  suite: FileSuite,
  words: readonly string[],
  progress: Progress,
): Promise<void> {
  const files = chooseFiles(suite.suite, readdirSync(join(root, suite.suite)), words);
  await runTests(
    {
      needsMachine: true,
      quick: async () => [],
      suites: (prepared) => runEach(suite, files, prepared, progress),
    },
    progress,
  );
}

/** @throws Failure when no file is meant */
export function chooseFiles(
  suite: string,
  names: readonly string[],
  words: readonly string[],
): readonly string[] {
  const files = names.filter((name) => name.endsWith(".test.ts")).sort();
  const stray = words.find((word) => !files.some((file) => file.includes(word)));
  if (stray !== undefined || files.length === 0) {
    throw new Failure(
      `No file in ${suite} has ${stray ?? "tests"} in its name.`,
      `There are: ${files.map((file) => file.replace(".test.ts", "")).join(", ")}`,
    );
  }
  return files.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
}

async function runEach(
  { suite, page, problem }: FileSuite,
  files: readonly string[],
  { machine, env }: Prepared,
  progress: Progress,
): Promise<readonly Tally[]> {
  if (machine === undefined) return [];
  const found = await problem?.(machine);
  if (found !== undefined) return [oneSkip(suite, found)];
  const place = await describeMachine(machine.pulumi);
  const tallies: Tally[] = [];
  for (const name of files) {
    const { tally, result } = await runFile(progress, `${suite}/${name}`, env);
    writeProof(page, { ...result, place });
    tallies.push(tally);
  }
  return tallies;
}

/** Runs one file in a run of its own. */
async function runFile(
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
