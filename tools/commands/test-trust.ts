import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Arguments } from "../arguments";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import type { Progress } from "../setup/progress";
import { describeMachine } from "../test/machine";
import { writeProof } from "../test/proof";
import { type Prepared, runTests } from "../test/run";
import type { Tally } from "../test/tally";
import { runTrustFile } from "../test/trust";

const suite = "tests/trust";

/**
 * Runs the files of `tests/trust` one after the other, or those whose name has one of the given
 * words, and writes each one's results to docs/proof/trust.md. A file that fails stops no other.
 */
export async function testTrust({ rest }: Arguments, progress: Progress): Promise<void> {
  const files = chooseFiles(readdirSync(join(root, suite)), rest);
  await runTests(
    {
      needsMachine: true,
      quick: async () => [],
      suites: (prepared) => runFiles(files, prepared, progress),
    },
    progress,
  );
}

/** @throws Failure when no file is meant */
export function chooseFiles(names: readonly string[], words: readonly string[]): readonly string[] {
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

async function runFiles(
  files: readonly string[],
  { machine, env }: Prepared,
  progress: Progress,
): Promise<readonly Tally[]> {
  if (machine === undefined) return [];
  const place = await describeMachine(machine.pulumi);
  const tallies: Tally[] = [];
  for (const name of files) {
    const { tally, result } = await runTrustFile(progress, `${suite}/${name}`, env);
    writeProof({ ...result, place });
    tallies.push(tally);
  }
  return tallies;
}
