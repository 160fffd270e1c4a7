import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Arguments } from "../arguments";
import { ensureAwsPlugin } from "../setup/aws-plugin";
import { foldersOf, root } from "../setup/folders";
import type { Progress } from "../setup/progress";
import { writeLabProof } from "../test/aws-proof";
import { describeMachine } from "../test/machine";
import { type Prepared, runTests } from "../test/run";
import { oneSkip, type Tally } from "../test/tally";
import { runTrustFile } from "../test/trust";
import { chooseFiles } from "./test-trust";

const suite = "tests/aws";

/**
 * Runs the files of `tests/aws`, or those whose name has one of the given words: environments on
 * AWS, with the real provider, an API that moto plays and machines that are containers here.
 */
export async function testAws({ rest }: Arguments, progress: Progress): Promise<void> {
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

async function runFiles(
  files: readonly string[],
  { machine, env }: Prepared,
  progress: Progress,
): Promise<readonly Tally[]> {
  if (machine === undefined) return [];
  const problem =
    (await ensureAwsPlugin(machine.pulumi, progress, foldersOf(process.env).cache)) ??
    machineProblem();
  if (problem !== undefined) return [oneSkip(suite, problem)];
  const place = await describeMachine(machine.pulumi);
  const tallies: Tally[] = [];
  for (const name of files) {
    const { tally, result } = await runTrustFile(progress, `${suite}/${name}`, env);
    writeLabProof({ ...result, place });
    tallies.push(tally);
  }
  return tallies;
}

/** Machines are reached by their addresses in a network of this machine's own engine, and ECR by a name of ours. */
function machineProblem(): string | undefined {
  if (process.platform === "linux" && process.getuid?.() === 0) return undefined;
  return "the laboratory needs Linux with a Docker engine of its own, and root";
}
