import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../setup/failure";
import { describeObjects, listObjects, removeObjects } from "../setup/local-objects";
import type { Progress } from "../setup/progress";
import { killAll, markedProcesses } from "../setup/runs";

/** What a test run must clean up. */
export interface Traces {
  /** Mark of its processes. */
  readonly mark: string;
  /** File that names the environments it opened. */
  readonly ownersFile: string;
  /** Environments that already existed; the test run must not remove them. */
  readonly before: ReadonlySet<string>;
}

/** Ends processes of this test run and removes what its environments left on this machine's Docker engine. */
export async function cleanUp(
  { mark, ownersFile, before }: Traces,
  progress: Progress,
): Promise<void> {
  const ours = () => markedProcesses().filter(({ owners }) => owners.includes(mark));
  for (let attempt = 0; attempt < 20 && ours().length > 0; attempt += 1) {
    killAll(ours().map(({ pid }) => pid));
    await sleep(100);
  }
  for (const owner of readOwners(ownersFile).filter((name) => !before.has(name))) {
    const left = await listObjects(["container", "network", "volume"], owner);
    if (left.length > 0) {
      progress.line(`Removing what the tests of ${owner} left: ${describeObjects(left)}.`);
      await progress.during("removing it", () => removeObjects(left));
    }
  }
}

function readOwners(file: string): readonly string[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return [...new Set(lines.filter((line) => line !== ""))];
}

/** Ends a dockerd that this run started. */
export async function stopEngine(pid: number, progress: Progress): Promise<void> {
  progress.line("Stopping the Docker engine that this run started.");
  try {
    process.kill(pid, "SIGTERM");
    for (let attempt = 0; attempt < 300 && existsSync(`/proc/${pid}`); attempt += 1) {
      await sleep(100);
    }
    if (existsSync(`/proc/${pid}`)) {
      process.kill(pid, "SIGKILL");
    }
  } catch (error) {
    progress.line(`It had ended already (${messageOf(error)}).`);
  }
}
