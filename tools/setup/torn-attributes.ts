import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Removes attributes of states that a killed run wrote only in part. The file backend writes a state
 * in one step, but not the file of attributes beside it, and cannot read the state past a torn one.
 * Without that file it reads the state as it is.
 *
 * @returns how many were removed
 */
export function clearTornAttributes(backend: string): number {
  const folder = join(backend, ".pulumi", "stacks");
  if (!existsSync(folder)) return 0;
  const torn = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".attrs"))
    .map((name) => join(folder, name))
    .filter(isTorn);
  for (const file of torn) rmSync(file, { force: true });
  return torn.length;
}

function isTorn(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch {
    return true;
  }
}
