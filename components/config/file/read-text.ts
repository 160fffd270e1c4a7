import { readFileSync, statSync } from "node:fs";

/** A file as text; undefined when there is none, or something else, at the path. */
export function readText(path: string): string | undefined {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile ? readFileSync(path, "utf8") : undefined;
}
