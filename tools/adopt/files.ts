import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
 * @throws Failure naming all files that exist already; then nothing is written
 */
export function writeFiles(
  root: string,
  files: readonly TextFile[],
  overwrite: boolean,
): readonly string[] {
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
