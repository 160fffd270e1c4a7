import { spawnSync } from "node:child_process";

/** A docker command that says nothing for longer hangs; milliseconds. */
const PATIENCE = 10_000;

/** Whether this machine's docker command has the plugin buildx. */
export function hasBuildx(): boolean {
  return spawnSync("docker", ["buildx", "version"], { timeout: PATIENCE }).status === 0;
}
