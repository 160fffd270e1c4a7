import { realpathSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { Problem } from "../../model/problem";

/** What makes a platform's file fail: a place in it, and why. */
interface Failure {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/**
 * Problems of a platform that does not load, with the file and line of each: all that the
 * translation found, or the place in the platform's own files where it threw.
 *
 * @param error what loading threw, with a stack that is mapped to TypeScript
 */
export function loadProblems(error: unknown, root: string, from: string): readonly Problem[] {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const untranslated = translationErrors(message);
  if (untranslated.length > 0) return untranslated.map((failure) => located(failure, root));
  const reason = message.split("\n")[0] ?? "";
  const frame = ownFrame(stack, join(realpathSync(root), "platforms"));
  return [frame === undefined ? indexProblem(from, reason) : located({ ...frame, reason }, root)];
}

/** A problem with the file of a platform as a whole. */
export function indexProblem(from: string, reason: string): Problem {
  return {
    path: `platforms/${from}/index.ts`,
    found: `an error: ${reason}`,
    allowed: "a file that exports `platform`, a PlatformSpec",
    fix: "mend that file",
  };
}

/** Esbuild writes one line for each error: `<file>:2:1: ERROR: Expected "}" but found "c"`. */
function translationErrors(message: string): readonly Failure[] {
  return [...message.matchAll(/^(.+):(\d+):\d+: ERROR: (.+)$/gm)].map(
    ([, file = "", line, reason = ""]) => ({ file, line: Number(line), reason }),
  );
}

/** The innermost line of a stack that is in a folder. */
function ownFrame(stack: string, folder: string): Omit<Failure, "reason"> | undefined {
  for (const [, file = "", line] of stack.matchAll(/(?:file:\/\/|\(|at )(\/.+):(\d+):\d+\)?$/gm)) {
    if (file.startsWith(folder + sep)) return { file, line: Number(line) };
  }
  return undefined;
}

function located({ file, line, reason }: Failure, root: string): Problem {
  const path = relative(realpathSync(root), realpathSync(file));
  return {
    path,
    line: `${basename(file)}:${line}`,
    found: `an error: ${reason}`,
    allowed: "TypeScript that loads without an error",
    fix: "mend that line",
  };
}
