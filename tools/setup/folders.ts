import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { stateFolder } from "../../components/local-engine/kept-addresses";

/** The checkout. */
export const root = resolve(__dirname, "../..");

/** Folders outside the checkout. */
export interface Folders {
  /** What can be recreated: Pulumi, base image, downloads. */
  readonly cache: string;
  /** States of environments on this machine. */
  readonly state: string;
}

/**
 * Where things are kept: `SWARMYARD_CACHE` and `SWARMYARD_STATE` when set, otherwise a folder
 * `swarmyard` below XDG_CACHE_HOME and XDG_STATE_HOME (`~/.cache` and `~/.local/state`).
 */
export function foldersOf(env: NodeJS.ProcessEnv, home: string = homedir()): Folders {
  const under = (set: string | undefined, xdg: string | undefined, ...standard: string[]) =>
    set ? resolve(set) : join(xdg ? xdg : join(home, ...standard), "swarmyard");
  return {
    cache: under(env.SWARMYARD_CACHE, env.XDG_CACHE_HOME, ".cache"),
    state: stateFolder(env, home),
  };
}

/** Folder of one environment: Pulumi's state in `backend`, what `ssh -F` needs in `ssh`. */
export function stackFolder(folders: Folders, stack: string): string {
  return join(folders.state, stack);
}

/** Creates a folder that only its owner can read. */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}

// No environment has a name that starts with a dot.
const idFile = ".id";

/**
 * A random name of the folder of states, made when it is first asked for. New networks and shares
 * carry it, so that another user of the same Docker engine does not take them for theirs.
 */
export function stateId({ state }: Folders): string {
  const file = join(privateFolder(state), idFile);
  try {
    writeFileSync(file, `${randomBytes(8).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8").trim();
}

/** Removes an environment's folder, and our folders above it if they are empty. */
export function removeStackFolder(folders: Folders, stack: string): void {
  rmSync(stackFolder(folders, stack), { recursive: true, force: true });
  const parent = dirname(stackFolder(folders, stack));
  try {
    if (readdirSync(parent).every((name) => name === idFile))
      rmSync(join(parent, idFile), { force: true });
    rmdirSync(parent);
  } catch {
    // Other environments are in it, or it never was there.
  }
}
