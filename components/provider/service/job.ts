import type { LiveTask } from "../../engine/live";
import { isMap } from "../../model/paths";
import { isJobMode, type JobRun, type Run } from "../../model/service/mode";
import type { LiveService } from "../../model/service/wire";
import type { Verdict } from "../../observe/judge";
import { endingOf } from "../../observe/task-errors";

/** How many runs of a job are remembered. */
const KEPT = 5;

/** What an update does to a job. Swarm runs a job again at each write. */
export type JobStep = "leave" | "write" | "rerun";

/**
 * What to do with a job in an update. Pure.
 *
 * @param changed whether fields differ from what the swarm has
 * @param state the verdict on its current run
 */
export function jobStep(run: Run, changed: boolean, state: Verdict["state"]): JobStep {
  if (run === "once" && state === "steady") return "leave";
  if (changed) return "write";
  // A run that is under way, or that swarm still tries again, is waited for.
  return run === "everyUp" || state === "failed" ? "rerun" : "leave";
}

/** Whether a job must be seen to its end by its own resource: what it did then decides about the next run. */
export function seesItsEnd({
  mode,
  run,
}: {
  readonly mode?: unknown;
  readonly run?: Run;
}): boolean {
  return isJobMode(mode) && (run === "once" || run === "everyUp");
}

/** Whether a job that runs once has completed, so that no change runs it again. */
export function isOver(state: { readonly [key: string]: unknown }): boolean {
  const [newest] = runsIn(state);
  return newest?.result === "completed";
}

/** The runs that the state remembers, the newest first. */
export function runsIn(state: { readonly [key: string]: unknown } | undefined): readonly JobRun[] {
  const runs: unknown[] = Array.isArray(state?.runs) ? state.runs : [];
  return runs.flatMap((one) => {
    if (!isMap(one) || typeof one.iteration !== "number") return [];
    return [{ iteration: one.iteration, at: String(one.at), result: String(one.result) }];
  });
}

/** The runs with the one that the swarm shows now, the newest first. Pure. */
export function withCurrentRun(
  before: readonly JobRun[],
  live: LiveService,
  tasks: readonly LiveTask[],
  state: Verdict["state"],
): readonly JobRun[] {
  const iteration = live.JobStatus?.JobIteration?.Index ?? 0;
  const own = tasks.filter((task) => (task.JobIteration?.Index ?? 0) === iteration);
  const failed = own
    .filter((task) => ["failed", "rejected"].includes(task.Status?.State ?? ""))
    .sort((a, b) => (b.CreatedAt ?? "").localeCompare(a.CreatedAt ?? ""))[0];
  const result = state === "steady" ? "completed" : failed ? endingOf(failed).text : "running";
  const current = { iteration, at: live.JobStatus?.LastExecution ?? "", result };
  return [current, ...before.filter((one) => one.iteration !== iteration)].slice(0, KEPT);
}
