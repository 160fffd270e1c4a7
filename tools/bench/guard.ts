import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * Starts a process that removes everything when this one is killed.
 *
 * @returns a function to call after a normal end
 */
export function guard(): () => void {
  const args = ["--import", "tsx", join(__dirname, "guard-process.ts")];
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  return () => child.kill("SIGKILL");
}
