import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import type { Progress } from "../setup/progress";
import type { Machine } from "../setup/session";
import { describeMachine } from "./machine";
import { reportVariables } from "./reporter";
import { runTests } from "./run";
import { oneSkip } from "./tally";
import { runProjects } from "./vitest";

/**
 * Runs the files of `tests/<project>`, or those whose name has one of the given words; the reporter
 * writes each one's results to its page. A failing file does not stop the others.
 *
 * @param problem why they cannot run on this machine; undefined when they can
 * @throws Failure when a word chooses no file
 */
export async function runFiles(
  project: "trust" | "aws" | "systems",
  words: readonly string[],
  progress: Progress,
  problem: (machine: Machine) => Promise<string | undefined> = async () => undefined,
): Promise<void> {
  const suite = `tests/${project}`;
  const files = chooseFiles(suite, readdirSync(join(root, suite)), words);
  await runTests(
    {
      needsMachine: true,
      quick: async () => [],
      suites: async ({ machine, env }) => {
        if (machine === undefined) return [];
        const found = await problem(machine);
        if (found !== undefined) return [oneSkip(suite, found)];
        const place = await describeMachine(machine.pulumi);
        const options = {
          words: files.map((file) => `${suite}/${file}`),
          env: { ...env, [reportVariables.place]: place },
          reporter: "verbose",
        } as const;
        return [await runProjects(progress, [project], options)];
      },
    },
    progress,
  );
}

/** @throws Failure when no file matches */
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
