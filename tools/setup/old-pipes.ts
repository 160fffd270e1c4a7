import { readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Beginning of the folders in which Pulumi's language host talks to a program. */
const PREFIX = "pulumi-node-pipes";
/** A folder this young may belong to a run that has not opened it yet. */
const YOUNG_MS = 60_000;

/**
 * Removes folders of pipes that killed runs left among the temporary files: old ones that no process has open.
 *
 * @param folder where they are. @default the folder of temporary files
 * @returns how many were removed
 */
export function clearOldPipes(folder: string = tmpdir(), now: number = Date.now()): number {
  const old = listed(folder)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(folder, name))
    .filter((path) => isOurs(path) && now - statSync(path).mtimeMs > YOUNG_MS);
  // Where it cannot be seen what processes have open, everything stays.
  const open = old.length === 0 ? undefined : openPaths();
  if (open === undefined) return 0;
  const left = old.filter((path) => !open.some((one) => one.startsWith(`${path}/`)));
  for (const path of left) rmSync(path, { recursive: true, force: true });
  return left.length;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isOurs(path: string): boolean {
  try {
    return statSync(path).uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** What the processes of this user have open; undefined on a system without /proc. */
function openPaths(): readonly string[] | undefined {
  const processes = listed("/proc").filter((name) => /^\d+$/.test(name));
  if (processes.length === 0) return undefined;
  return processes.flatMap((id) =>
    listed(`/proc/${id}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${id}/fd/${fd}`)];
      } catch {
        return [];
      }
    }),
  );
}
