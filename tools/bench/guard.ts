import { spawn } from "node:child_process";
import { root } from "../setup/folders";
import { withoutMarks } from "../setup/runs";

/**
 * Starts a process that removes everything when this one is killed.
 *
 * @returns to be called at a good end
 */
export function guard(): () => void {
  const child = spawn(
    process.execPath,
    ["--require", "./components/runtime/typescript.cjs", "tools/bench/guard-process.ts"],
    {
      cwd: root,
      detached: true,
      env: withoutMarks(process.env),
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  child.unref();
  return () => child.kill("SIGKILL");
}
