import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { composeNames } from "../../components/config/platforms/folders";
import { Failure } from "../setup/failure";

/** A file to write, relative to the project's folder. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files into a project. @returns a line for each
 *
 * @param overwrite existing files are written over, and their lines say so
 * @throws Failure naming all files that exist already, and all compose files that would no longer count; then
 * nothing is written
 */
export function writeFiles(
  root: string,
  files: readonly TextFile[],
  overwrite: boolean,
): readonly string[] {
  const hidden = files.flatMap(({ path }) => hiddenBy(root, path));
  if (hidden.length > 0) {
    throw new Failure(
      `An index.ts would hide ${hidden.join(", ")}; nothing was written.`,
      "Move the folder away; environments that use it then name it with `from: <new name>`.",
    );
  }
  const existing = files.filter(({ path }) => existsSync(join(root, path))).map(({ path }) => path);
  if (existing.length > 0 && !overwrite) {
    const is = existing.length === 1 ? "exists" : "exist";
    throw new Failure(
      `${existing.join(", ")} ${is} already; nothing was written.`,
      "Move them away, name another environment, or write over them with --overwrite.",
    );
  }
  return files.map(({ path, text }) => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return existing.includes(path) ? `wrote over ${path}` : `wrote ${path}`;
  });
}

/** Compose files of a folder in platforms/ that count only as long as it has no index.ts. */
function hiddenBy(root: string, path: string): readonly string[] {
  if (basename(path) !== "index.ts" || existsSync(join(root, path))) return [];
  return composeNames
    .map((name) => join(dirname(path), name))
    .filter((compose) => existsSync(join(root, compose)));
}
