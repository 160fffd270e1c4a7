import type { LiveTask } from "../engine/live";
import { findFit, type NodeDescription } from "../model/placement/constraints";
import type { LiveService } from "../model/service/wire";
import { isCurrent } from "./current";
import { type Evidence, imagesInDoubt, isJob, NO_EVIDENCE, whyHopeless } from "./hopeless";
import { endingOf } from "./task-errors";
import { type Circumstances, endedTasks, failure, type Place, troubles } from "./troubles";

/** The verdict on a service at one moment. */
export interface Verdict {
  /** `failed` only when it is certain that it will not become steady on its own. */
  readonly state: "converging" | "steady" | "failed";
  /** Progress in a line or two. */
  readonly lines: readonly string[];
  /** Why it is not steady; empty when it is. */
  readonly reasons: readonly string[];
  /** Whether a container of the current version has started in each place. */
  readonly started: boolean;
  /** How many tasks there should be, running or (of a job) done. */
  readonly wanted: number;
  /** The tasks in their desired state: while these change, nothing is steady. */
  readonly good: readonly string[];
  /** True when its tasks end when they are done. */
  readonly job: boolean;
  /** What to do about it. */
  readonly remedies: readonly string[];
  /** Places whose tasks ended and were restarted: reasons for a service that does not stay up. */
  readonly restless: readonly string[];
  /** Images that no node has; only their registry knows whether that can change. */
  readonly inDoubt?: readonly string[];
  /** Ids of its networks, when swarm gives its tasks no addresses. */
  readonly unallocated?: readonly string[];
  /** The newest task that failed, whose log may say more. */
  readonly failedTask?: LiveTask;
  /** Name of the node where that was. */
  readonly failedOn?: string;
}

const HOPELESS: { readonly [state: string]: string } = {
  paused: "swarm paused its update; correct the service and run up again",
  rollback_paused: "swarm paused its rollback; correct the service and run up again",
  rollback_completed:
    "swarm rolled its update back, so it runs as before; correct the service and run up again, or retry unchanged: npm run refresh, then npm run up",
};
const ALLOCATED_MS = 5_000;
const UNDER_WAY = ["updating", "rollback_started"];
const ENDED_BADLY = ["failed", "rejected"];

/**
 * Judges one service by its tasks and the nodes. Pure.
 *
 * @param evidence what the wait learnt before. @default nothing
 */
export function judge(
  service: LiveService,
  tasks: readonly LiveTask[],
  nodes: readonly NodeDescription[],
  now: number,
  evidence: Evidence = NO_EVIDENCE,
): Verdict {
  const name = service.Spec.Name ?? service.ID;
  const places = wantedPlaces(service, tasks, nodes);
  const good = places.flatMap(({ tasks: here }) => here.filter((task) => isGood(service, task)));
  const missing = places.filter(({ tasks: here }) => !here.some((task) => isGood(service, task)));
  const update = service.UpdateStatus?.State ?? "";
  const tooMany = surplus(service, tasks, places.length);
  const context = { service, name, nodes, now };
  const { short, long, remedies } = troubles(missing, context);
  // Swarm never clears `paused`, even if all tasks end up running.
  const recovered = update === "paused" && missing.length === 0 && !tooMany;
  const open = { service, places: missing, someGood: good.length > 0, nodes, now };
  // While swarm updates, it decides itself what failures mean: it pauses or goes back.
  const lost = UNDER_WAY.includes(update) ? undefined : whyHopeless(open, evidence);
  const given = recovered ? undefined : HOPELESS[update];
  const hopeless = given ?? lost;
  // Failures of the previous version say nothing about the current one, unless swarm rolled back to it.
  const failed = (given === undefined ? endedTasks(service, tasks) : tasks).filter((task) =>
    ENDED_BADLY.includes(task.Status?.State ?? ""),
  );
  const failedTask = [...failed].sort(newestFirst)[0];
  const message = service.UpdateStatus?.Message ?? "";
  const reasons = given === undefined ? (lost ? [lost] : []) : [`${given} (${message})`];
  if (hopeless !== undefined && long.length === 0 && failedTask !== undefined) {
    reasons.push(`the last failed task ${failure(failedTask, 1, nodes)}`);
  }
  reasons.push(...long);
  const settled = missing.length === 0 && !tooMany && !UNDER_WAY.includes(update);
  if (!settled && reasons.length === 0) reasons.push("swarm is still replacing its tasks");
  const verb = isJob(service) ? "done" : "running";
  const progress = `${name}: ${places.length - missing.length} of ${places.length} tasks ${verb}`;
  return {
    state: hopeless !== undefined ? "failed" : settled ? "steady" : "converging",
    lines: [[progress, ...short].join("; ")],
    reasons,
    started: places.every(({ tasks: here }) => here.some((task) => hasStarted(service, task))),
    wanted: places.length,
    good: good.map(({ ID }) => ID).sort(),
    job: isJob(service),
    remedies: [...new Set([...remedies, ...remedyOf(failedTask)])],
    restless: isJob(service) ? [] : restless(places, context),
    inDoubt: imagesInDoubt(open, evidence),
    unallocated: unallocated(service, missing, now),
    failedTask,
    failedOn: nodes.find(({ id }) => id === failedTask?.NodeID)?.hostname,
  };
}

/** Swarm gives a task its addresses within a moment; one that has none for longer finds none. */
function unallocated(service: LiveService, missing: readonly Place[], now: number): string[] {
  const waits = missing.some(({ tasks }) =>
    tasks.some(
      ({ DesiredState, Status }) =>
        DesiredState === "running" &&
        Status?.State === "new" &&
        now - Date.parse(Status.Timestamp ?? "") >= ALLOCATED_MS,
    ),
  );
  if (!waits) return [];
  return (service.Spec.TaskTemplate?.Networks ?? []).flatMap(({ Target }) => Target ?? []);
}

function remedyOf(task: LiveTask | undefined): string[] {
  const remedy = task === undefined ? undefined : endingOf(task).remedy;
  return remedy === undefined ? [] : [remedy];
}

function restless(places: readonly Place[], about: Circumstances): readonly string[] {
  const ended = places.filter(({ tasks }) => endedTasks(about.service, tasks).length > 0);
  return troubles(ended, about).long;
}

/** Each place where a task is wanted, with all tasks created there, newest first. */
function wantedPlaces(
  service: LiveService,
  tasks: readonly LiveTask[],
  nodes: readonly NodeDescription[],
): Place[] {
  const { Mode: mode = {}, TaskTemplate: template } = service.Spec;
  const iteration = service.JobStatus?.JobIteration?.Index;
  const relevant = isJob(service)
    ? tasks.filter((task) => task.JobIteration?.Index === iteration)
    : tasks;
  const newest = [...relevant].sort(newestFirst);
  const name = service.Spec.Name ?? service.ID;
  if (mode.Global || mode.GlobalJob) {
    const constraints = template?.Placement?.Constraints ?? [];
    return findFit({ constraints }, nodes).fitting.map(({ id, hostname }) => ({
      label: `${name} on ${hostname}`,
      tasks: newest.filter((task) => task.NodeID === id),
    }));
  }
  const wanted = mode.ReplicatedJob?.TotalCompletions ?? mode.Replicated?.Replicas ?? 1;
  // Slots of jobs start at 0, which the Docker API leaves out.
  return slots(newest, wanted, isJob(service) ? 0 : 1).map((slot) => ({
    label: `${name}.${slot}`,
    tasks: newest.filter((task) => (task.Slot ?? 0) === slot),
  }));
}

/** The slots in use, plus as many unused ones as are missing. */
function slots(tasks: readonly LiveTask[], wanted: number, first: number): number[] {
  const live = tasks.filter(({ DesiredState }) =>
    ["running", "ready", "complete"].includes(DesiredState ?? ""),
  );
  const used = new Set(live.map(({ Slot = 0 }) => Slot));
  for (let slot = first; used.size < wanted; slot++) used.add(slot);
  return [...used].sort((a, b) => a - b).slice(0, wanted);
}

function isGood(service: LiveService, task: LiveTask): boolean {
  const state = task.Status?.State;
  if (isJob(service)) return state === "complete";
  const runs = state === "running" && task.DesiredState === "running";
  return runs && isCurrent(task, service.Spec.TaskTemplate);
}

/** Its container has started, whether it is healthy yet or not; of a job, also when it is done. */
function hasStarted(service: LiveService, task: LiveTask): boolean {
  const { State = "", ContainerStatus } = task.Status ?? {};
  const started = State === "running" || (State === "starting" && !!ContainerStatus?.ContainerID);
  const ended = isJob(service) && State === "complete";
  return (started || ended) && isCurrent(task, service.Spec.TaskTemplate);
}

/** More tasks are meant to run than there should be: a scale-down or an update has not started yet. */
function surplus(service: LiveService, tasks: readonly LiveTask[], wanted: number): boolean {
  if (isJob(service) || service.Spec.Mode?.Global) return false;
  return tasks.filter(({ DesiredState }) => DesiredState === "running").length > wanted;
}

function newestFirst(a: LiveTask, b: LiveTask): number {
  return (b.CreatedAt ?? "").localeCompare(a.CreatedAt ?? "");
}
