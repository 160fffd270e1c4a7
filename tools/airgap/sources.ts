import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "./parts";

/** Whether a file is part of the build: tests and texts are not. */
export function isSource(path: string): boolean {
  return (path.endsWith(".go") && !path.endsWith("_test.go")) || /(^|\/)go\.(mod|sum)$/.test(path);
}

/** The files below some folders of `root` that make a program. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .map((path) => path.replaceAll("\\", "/"))
      .filter(isSource)
      .map((path) => ({ path, content: readFileSync(join(root, path)) })),
  );
}
