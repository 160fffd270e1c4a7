import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/**
 * Hash of the part of a folder that a build sees: paths, contents, executable bits and links, without
 * what `.dockerignore` leaves out. The same on every machine.
 *
 * @param extra Anything else that determines the image, for example build arguments.
 */
export function contextHash(folder: string, extra: readonly string[] = []): string {
  return hashOf(folder, ignoreRules(folder), extra);
}

/** Hash of everything in a folder, as `contextHash` makes it. */
export function folderHash(folder: string): string {
  return hashOf(folder, () => false, []);
}

function hashOf(
  folder: string,
  ignored: (path: string) => boolean,
  extra: readonly string[],
): string {
  const hash = createHash("sha256");
  for (const path of filesOf(folder, "")) {
    if (ignored(path)) continue;
    hash.update(`${path}\0${describe(join(folder, path))}\0`);
  }
  for (const text of extra) hash.update(`${text}\0`);
  return hash.digest("hex");
}

function filesOf(folder: string, prefix: string): string[] {
  const entries = readdirSync(join(folder, prefix), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesOf(folder, path) : [path];
    });
}

function describe(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return `link ${readlinkSync(file)}`;
  const kind = (stat.mode & 0o100) === 0 ? "file" : "program";
  return `${kind} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
}

/**
 * Decides which paths `.dockerignore` leaves out, by Docker's rules: the last pattern that matches a
 * path or one of its folders decides.
 */
export function ignoreRules(folder: string): (path: string) => boolean {
  const file = join(folder, ".dockerignore");
  if (!existsSync(file)) return () => false;
  const rules = dockerignore({ ignorecase: false }).add(escaped(readFileSync(file, "utf8")));
  return (path) => rules.ignores(path);
}

/**
 * The patterns with a backslash before each character that is special only in JavaScript's
 * regular expressions: the package passes it on unchanged.
 */
function escaped(patterns: string): string {
  return patterns.replace(/\\.|\[\^|[+(){}|^]/g, (found) =>
    found.length > 1 ? found : `\\${found}`,
  );
}
