import { spawnSync } from "node:child_process";

/** A docker command that says nothing for longer hangs; milliseconds. */
const PATIENCE = 10_000;

let known: boolean | undefined;

/** Whether this machine's docker command has the plugin buildx. The command is asked once. */
export function hasBuildx(): boolean {
  known ??= spawnSync("docker", ["buildx", "version"], { timeout: PATIENCE }).status === 0;
  return known;
}
