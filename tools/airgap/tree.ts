import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Copies a file, or a folder of Go code without its tests, so that the copies can be written to. */
export function copyTree(from: string, to: string): void {
  if (statSync(from).isDirectory()) {
    for (const name of readdirSync(from)) {
      if (name === "testdata" || name.endsWith("_test.go")) continue;
      copyTree(join(from, name), join(to, name));
    }
    return;
  }
  mkdirSync(dirname(to), { recursive: true });
  // Not copied with its mode: files of Go's module cache are read-only.
  writeFileSync(to, readFileSync(from));
}
