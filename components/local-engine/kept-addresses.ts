import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isLocalEngine, type LocalEngine } from "../model/local-engines";

/** Name of the file in an environment's folder that keeps what it takes of this machine. */
export const ADDRESSES_FILE = "addresses.json";

/** What an environment takes of this machine. */
export interface KeptAddresses {
  readonly subnet?: string;
  readonly portOffset?: number;
  /** Docker engine of its hosts. */
  readonly engine?: LocalEngine;
}

/** Folder of all environments' states: `SWARMYARD_STATE`, else `swarmyard` below XDG_STATE_HOME or `~/.local/state`. */
export function stateFolder(env: NodeJS.ProcessEnv, home: string = homedir()): string {
  if (env.SWARMYARD_STATE) return resolve(env.SWARMYARD_STATE);
  return join(env.XDG_STATE_HOME || join(home, ".local", "state"), "swarmyard");
}

/**
 * What the first run of an environment chose, also for a plain `pulumi up`: its folder is the one
 * that holds the backend, or the environment's folder in the state folder.
 *
 * @returns nothing when no run has chosen
 */
export function keptAddresses(stack: string, env: NodeJS.ProcessEnv): KeptAddresses {
  return readAddresses(join(folderOf(stack, env), ADDRESSES_FILE));
}

function folderOf(stack: string, env: NodeJS.ProcessEnv): string {
  const url = env.PULUMI_BACKEND_URL ?? "";
  if (url.startsWith("file:///")) {
    const folder = dirname(fileURLToPath(url));
    if (basename(folder) === stack) return folder;
  }
  return join(stateFolder(env), stack);
}

/** Reads a file of kept addresses; one that is missing or broken keeps nothing. */
export function readAddresses(file: string): KeptAddresses {
  try {
    const { subnet, portOffset, engine } = JSON.parse(readFileSync(file, "utf8"));
    return {
      ...(typeof subnet === "string" && /^[\d.]+\/\d+$/.test(subnet) ? { subnet } : {}),
      ...(Number.isInteger(portOffset) ? { portOffset } : {}),
      ...(isLocalEngine(engine) ? { engine } : {}),
    };
  } catch {
    return {};
  }
}
