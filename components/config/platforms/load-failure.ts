import { realpathSync } from "node:fs";
import type { SourceMap } from "node:module";
import { basename, join, relative, sep } from "node:path";
import type { Problem } from "../../model/problem";

/** A line of a file. */
interface Place {
  readonly file: string;
  readonly line: number;
}

/** A platform that does not load. */
export interface Failing {
  /** Folder of the project. */
  readonly root: string;
  /** Folder in platforms/. */
  readonly from: string;
  /** Loads it once more, to see where it throws. */
  readonly load: () => unknown;
  /** The source map of a translated file. */
  readonly mapOf: (file: string) => SourceMap | undefined;
}

/**
 * Problems of a platform that does not load, with the file and line of each: all that the
 * translation found, or the place in the platform's own files where it threw.
 *
 * @param error what loading threw
 */
export function loadProblems(error: unknown, failing: Failing): readonly Problem[] {
  const root = realpathSync(failing.root);
  const message = error instanceof Error ? error.message : String(error);
  const untranslated = translationErrors(message);
  if (untranslated.length > 0) {
    return untranslated.map(({ reason, ...where }) => lineProblem(root, where, reason));
  }
  const reason = message.split("\n")[0] ?? "";
  const site = throwingSite(failing.load, join(root, "platforms") + sep);
  return [
    site === undefined
      ? indexProblem(failing.from, reason)
      : lineProblem(root, writtenAt(site, failing.mapOf), reason),
  ];
}

/** A problem with the index.ts of a platform as a whole. */
export function indexProblem(from: string, reason: string): Problem {
  return {
    path: `platforms/${from}/index.ts`,
    found: `an error: ${reason}`,
    allowed: "a file that exports `platform`, a PlatformSpec",
    fix: "correct that file",
  };
}

function lineProblem(root: string, { file, line }: Place, reason: string): Problem {
  return {
    path: relative(root, realpathSync(file)),
    line: `${basename(file)}:${line}`,
    found: `an error: ${reason}`,
    allowed: "TypeScript that loads without an error",
    fix: "correct that line",
  };
}

/** Esbuild writes one line for each error: `<file>:2:1: ERROR: Expected "}" but found "c"`. */
function translationErrors(message: string): readonly (Place & { readonly reason: string })[] {
  return [...message.matchAll(/^(.+):(\d+):\d+: ERROR: (.+)$/gm)].map(
    ([, file = "", line, reason = ""]) => ({ file, line: Number(line), reason }),
  );
}

/** The innermost place in a folder from which something is thrown. */
function throwingSite(load: () => unknown, folder: string): NodeJS.CallSite | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const stacks = new WeakMap<Error, readonly NodeJS.CallSite[]>();
  Error.stackTraceLimit = 100;
  Error.prepareStackTrace = (error, sites) => {
    stacks.set(error, sites);
    return String(error);
  };
  try {
    load();
    return undefined;
  } catch (error) {
    // Reading the stack is what prepares it.
    if (!(error instanceof Error) || error.stack === undefined) return undefined;
    return stacks.get(error)?.find((site) => site.getFileName()?.startsWith(folder));
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The place in the TypeScript source. */
function writtenAt(site: NodeJS.CallSite, mapOf: Failing["mapOf"]): Place {
  const file = site.getFileName() ?? "";
  const line = site.getLineNumber() ?? 1;
  const entry = mapOf(file)?.findEntry(line - 1, (site.getColumnNumber() ?? 1) - 1);
  const written = entry !== undefined && "originalLine" in entry ? entry.originalLine + 1 : line;
  return { file, line: written };
}
