import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { LocalEngine } from "../../components/model/local-engines";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import type { Progress } from "../setup/progress";
import type { Machine } from "../setup/session";
import { describeMachine } from "./machine";
import { reportVariables } from "./reporter";
import { runTests } from "./run";
import { oneSkip } from "./tally";
import { testedVariables } from "./tested-engines";
import { runProjects } from "./vitest";

/** What running files needs beside a machine. */
export interface FilesOptions {
  /** Why they cannot run on this machine; undefined when they can. */
  readonly problem?: (machine: Machine) => Promise<string | undefined>;
  /** Docker engine of the hosts of their environments. @default that of new environments */
  readonly engine?: LocalEngine;
  /** Generations whose base images they need beside the usual ones. @default none */
  readonly needed?: readonly LocalEngine[];
  /** What else the chosen files need; variables with which they find it. @default nothing */
  readonly prepare?: (files: readonly string[]) => Promise<NodeJS.ProcessEnv>;
}

/**
 * Runs the files of `tests/<project>`, or those whose name has one of the given words; the reporter
 * writes each one's results to its page. A failing file does not stop the others.
 *
 * @throws Failure when a word chooses no file
 */
export async function runFiles(
  project: "trust" | "aws" | "systems",
  words: readonly string[],
  progress: Progress,
  { problem = async () => undefined, engine, needed, prepare }: FilesOptions = {},
): Promise<void> {
  const suite = `tests/${project}`;
  const files = chooseFiles(suite, readdirSync(join(root, suite)), words);
  await runTests(
    {
      needsMachine: true,
      ...(needed === undefined ? {} : { engines: needed }),
      quick: async () => [],
      suites: async ({ machine, env }) => {
        if (machine === undefined) return [];
        const found = await problem(machine);
        if (found !== undefined) return [oneSkip(suite, found)];
        const place = await describeMachine(machine.pulumi);
        const options = {
          words: files.map((file) => `${suite}/${file}`),
          env: {
            ...env,
            ...(await prepare?.(files)),
            [reportVariables.place]: place,
            ...(engine === undefined ? {} : { [testedVariables.hosts]: engine }),
          },
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
