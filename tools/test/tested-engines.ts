import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { LOCAL_ENGINES, type LocalEngine } from "../../components/model/local-engines";
import { Failure } from "../setup/failure";

/**
 * Environment variables of test files: which Docker engine the hosts of their environments have, and the
 * file to which they append `<test file> <version>` for each one that they see.
 */
export const testedVariables = {
  hosts: "SWARMYARD_TEST_ENGINE",
  seen: "SWARMYARD_ENGINES",
} as const;

/** Versions of the Docker engines that the nodes of a test file had, oldest first. */
export function enginesSeenBy(file: string, env: NodeJS.ProcessEnv): readonly string[] {
  const noted = env[testedVariables.seen];
  if (noted === undefined || !existsSync(noted)) return [];
  return versionsOf(file, readFileSync(noted, "utf8"));
}

/** Reads the lines that test files appended. Pure. */
export function versionsOf(file: string, lines: string): readonly string[] {
  const versions = lines
    .split("\n")
    .flatMap((line) => (line.startsWith(`${file} `) ? [line.slice(file.length + 1)] : []));
  return [...new Set(versions)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/**
 * Takes `--engine` out of the words of a test command; `sid` is short for `debian-sid`. Pure.
 *
 * @throws Failure when there is no such generation
 */
export function chosenEngine(rest: readonly string[]): {
  readonly engine?: LocalEngine;
  readonly words: readonly string[];
} {
  const { values, positionals } = parseArgs({
    args: [...rest],
    options: { engine: { type: "string" } },
    allowPositionals: true,
  });
  if (values.engine === undefined) return { words: positionals };
  const engine = LOCAL_ENGINES.find(
    (one) => one.replace("debian-", "") === values.engine?.replace("debian-", ""),
  );
  if (engine === undefined) {
    throw new Failure(
      `There is no Docker engine ${values.engine} to test.`,
      `Use one of: ${LOCAL_ENGINES.join(", ")}`,
    );
  }
  return { engine, words: positionals };
}
