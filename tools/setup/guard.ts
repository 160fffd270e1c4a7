import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { findCommand } from "./processes";
import { killAll, type Marked, markedProcesses, markers, markOf, withoutMarks } from "./runs";

/** Waits for the end of process $1, then ends what carries the mark $2. */
const script = `tail --pid="$1" -f /dev/null 2>/dev/null || exit 0
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  found=$(grep -lzxF "${markers.run}=$2" /proc/[0-9]*/environ 2>/dev/null)
  [ -n "$found" ] || exit 0
  for file in $found; do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" 2>/dev/null
  done
  sleep 0.2
done`;

/**
 * Watches this command from a process of its own: when it has ended, even by `kill -9`, whatever it
 * started ends too. Pulumi's plugins are in process groups of their own, and its language host looks
 * only every five minutes whether its Pulumi engine still runs. Linux only.
 *
 * @returns ends the watch
 */
export function guard(): () => void {
  if (process.platform !== "linux") return () => undefined;
  const args = ["-c", script, "guard", `${process.pid}`, markOf(process.pid)];
  const child = spawn("sh", args, {
    detached: true,
    cwd: "/",
    env: withoutMarks(process.env),
    stdio: "ignore",
  });
  child.on("error", () => undefined);
  child.unref();
  return () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It could not be started.
    }
  };
}

/** Processes that a run started. Pure. */
export function startedBy(mark: string, processes: readonly Marked[]): readonly number[] {
  return processes.filter(({ owners }) => owners.includes(mark)).map(({ pid }) => pid);
}

/** Ends what this command has started and what still runs. */
export async function endOwn(): Promise<void> {
  const own = () => startedBy(markOf(process.pid), markedProcesses());
  for (let attempt = 0, left = own(); attempt < 20 && left.length > 0; attempt += 1) {
    killAll(left);
    await sleep(50);
    left = own();
  }
}

/** Ends a command together with us, even on kill -9, where the kernel supports it. */
export function tiedToUs(command: string, args: readonly string[]): readonly string[] {
  const tie = process.platform === "linux" ? findCommand("setpriv") : undefined;
  return tie === undefined ? [command, ...args] : [tie, "--pdeathsig", "KILL", command, ...args];
}

/** Asks pulumi to end, or kills everything that it started. */
export function endGroup(pid: number | undefined, signal: "SIGINT" | "SIGKILL"): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(signal === "SIGKILL" ? -pid : pid, signal);
  } catch {
    // It has just ended.
  }
  // Its plugins are in groups of their own, and may hold its output open.
  if (signal === "SIGKILL") killAll(startedBy(markOf(process.pid), markedProcesses()));
}
