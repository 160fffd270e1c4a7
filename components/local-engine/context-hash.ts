import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Hash of what a build sees of a folder: paths, contents, executable bits and links, without
 * what `.dockerignore` leaves out. The same on every machine.
 *
 * @param extra Whatever else decides the image, for example build arguments.
 */
export function contextHash(folder: string, extra: readonly string[] = []): string {
  const hash = createHash("sha256");
  const ignored = ignoreRules(folder);
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
 * Tells which paths `.dockerignore` leaves out: the last rule that matches a path or one of
 * its folders decides.
 */
export function ignoreRules(folder: string): (path: string) => boolean {
  const file = join(folder, ".dockerignore");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split(/\r?\n/) : [];
  const rules = lines
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const keep = line.startsWith("!");
      const pattern = (keep ? line.slice(1) : line).replace(/^\.?\/+/, "").replace(/\/+$/, "");
      return { keep, matches: globPattern(pattern) };
    });
  return (path) => {
    let ignored = false;
    for (const rule of rules) if (rule.matches.test(path)) ignored = !rule.keep;
    return ignored;
  };
}

function globPattern(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replace(/\*\*\/|\*\*|\*|\?/g, (glob) => {
    if (glob === "**/") return "(?:.*/)?";
    if (glob === "**") return ".*";
    return glob === "*" ? "[^/]*" : "[^/]";
  });
  return new RegExp(`^${source}(?:/.*)?$`);
}
