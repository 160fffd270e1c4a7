import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Failure } from "./failure";

/** The content of a lock of Pulumi's file backend. */
export interface Lock {
  readonly file: string;
  readonly pid: number;
  readonly hostname: string;
  readonly username: string;
}

/** What to do with locks. */
export interface LockDecision {
  readonly stale: readonly Lock[];
  readonly held: readonly Lock[];
}

/** Separates locks of ended runs from held ones. Only processes on this machine can be checked. Pure. */
export function judgeLocks(
  locks: readonly Lock[],
  machine: string,
  isPulumi: (pid: number) => boolean,
): LockDecision {
  const stale = locks.filter((lock) => lock.hostname === machine && !isPulumi(lock.pid));
  return { stale, held: locks.filter((lock) => !stale.includes(lock)) };
}

/**
 * Removes locks that a killed run left behind.
 *
 * @returns how many were removed
 * @throws Failure when one is held
 */
export function clearLocks(backend: string, project: string, stack: string): number {
  const folder = join(backend, ".pulumi", "locks", "organization", project, stack);
  const { stale, held } = judgeLocks(readLocks(folder), hostname(), isPulumi);
  const [first] = held;
  if (first !== undefined) {
    throw new Failure(
      `The environment ${stack} is being changed by process ${first.pid} of ${first.username} on ${first.hostname}.`,
      first.hostname === hostname()
        ? "Wait until it has ended, then run the command again."
        : `If the run on that machine has ended, remove ${first.file}`,
    );
  }
  for (const lock of stale) {
    rmSync(lock.file, { force: true });
    // The file backend keeps a file's attributes next to it.
    rmSync(`${lock.file}.attrs`, { force: true });
  }
  return stale.length;
}

function readLocks(folder: string): readonly Lock[] {
  if (!existsSync(folder)) {
    return [];
  }
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => readLock(join(folder, name)));
}

function readLock(file: string): Lock {
  try {
    const { pid, hostname: machine, username } = JSON.parse(readFileSync(file, "utf8"));
    return { file, pid: Number(pid), hostname: String(machine), username: String(username) };
  } catch {
    // Half written when its run was killed, so it belongs to no run.
    return { file, pid: 0, hostname: hostname(), username: "" };
  }
}

/** True when the process runs and is a Pulumi; another program may have its number by now. */
function isPulumi(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pulumi");
  } catch {
    return process.platform !== "linux" && runs(pid);
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
