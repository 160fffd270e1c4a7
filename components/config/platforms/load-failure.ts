import { realpathSync } from "node:fs";
import { findSourceMap } from "node:module";
import { basename, join, relative, sep } from "node:path";
import type { Problem } from "../../model/problem";

/** A line of a file. */
interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * Problems of a platform that does not load, with the file and line of each: all that the
 * translation found, or the place in the platform's own files where it threw.
 *
 * @param error what `load` threw
 * @param load loads the platform once more, to see where it throws
 */
export function loadProblems(
  error: unknown,
  load: () => unknown,
  place: { readonly root: string; readonly from: string },
): readonly Problem[] {
  const root = realpathSync(place.root);
  const message = error instanceof Error ? error.message : String(error);
  const untranslated = translationErrors(message);
  if (untranslated.length > 0) {
    return untranslated.map(({ reason, ...where }) => lineProblem(root, where, reason));
  }
  const reason = message.split("\n")[0] ?? "";
  const where = throwingLine(load, join(root, "platforms"));
  return [
    where === undefined ? indexProblem(place.from, reason) : lineProblem(root, where, reason),
  ];
}

/** A problem with the index.ts of a platform as a whole. */
export function indexProblem(from: string, reason: string): Problem {
  return {
    path: `platforms/${from}/index.ts`,
    found: `an error: ${reason}`,
    allowed: "a file that exports `platform`, a PlatformSpec",
    fix: "mend that file",
  };
}

function lineProblem(root: string, { file, line }: Place, reason: string): Problem {
  return {
    path: relative(root, realpathSync(file)),
    line: `${basename(file)}:${line}`,
    found: `an error: ${reason}`,
    allowed: "TypeScript that loads without an error",
    fix: "mend that line",
  };
}

/** Esbuild writes one line for each error: `<file>:2:1: ERROR: Expected "}" but found "c"`. */
function translationErrors(message: string): readonly (Place & { readonly reason: string })[] {
  return [...message.matchAll(/^(.+):(\d+):\d+: ERROR: (.+)$/gm)].map(
    ([, file = "", line, reason = ""]) => ({ file, line: Number(line), reason }),
  );
}

/**
 * The innermost line in a folder from which something is thrown. Source maps are switched on for
 * this only: reading them at every start would cost every run time.
 */
function throwingLine(load: () => unknown, folder: string): Place | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const stacks = new WeakMap<Error, readonly NodeJS.CallSite[]>();
  process.setSourceMapsEnabled(true);
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
    return stacks
      .get(error)
      ?.map(writtenLine)
      .find(({ file }) => file.startsWith(folder + sep));
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The line as it was written, before the translation. */
function writtenLine(site: NodeJS.CallSite): Place {
  const file = site.getFileName() ?? "";
  const line = site.getLineNumber() ?? 1;
  const entry = findSourceMap(file)?.findEntry(line - 1, (site.getColumnNumber() ?? 1) - 1);
  return {
    file,
    line: entry !== undefined && "originalLine" in entry ? entry.originalLine + 1 : line,
  };
}
