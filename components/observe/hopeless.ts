import type { LiveTask } from "../engine/live";
import type { NodeDescription } from "../model/placement/constraints";
import { findFit } from "../model/placement/constraints";
import type { LiveService } from "../model/service/wire";
import { isCurrent } from "./current";
import { endingOf } from "./task-errors";
import { endedTasks, type Place } from "./troubles";

/** How many tasks in a row must end with the same final error before nothing more is waited for. */
const TRIES = 3;
/** A task that starts for longer than this got further than those before it. */
const STARTING_MS = 3_000;

/** Swarm has noticed by then that a task ended, and would have made the next one. */
const NOTICED_MS = 10_000;

/** What a wait learnt besides what the swarm says now. */
export interface Evidence {
  /** Tasks that had ended before the wait began: somebody may have removed their cause since. */
  readonly before: ReadonlySet<string>;
  /** Images that their registry says it does not have, or whose registry does not exist. */
  readonly absent: ReadonlySet<string>;
}

/** What is waited for, without anything learnt. */
export const NO_EVIDENCE: Evidence = { before: new Set(), absent: new Set() };

/** The places of one service that have no task as they should. */
export interface Missing {
  readonly service: LiveService;
  readonly places: readonly Place[];
  /** Whether a task of the service runs as it should. */
  readonly someGood: boolean;
  readonly nodes: readonly NodeDescription[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether the tasks of a service end when they are done. */
export function isJob({ Spec: { Mode } }: LiveService): boolean {
  return !!Mode?.ReplicatedJob || !!Mode?.GlobalJob;
}

/**
 * Why a service can never come to run as it is: swarm starts no further task, or each try ends with
 * the same error that no further try can change. Undefined when it may still come to run. Pure.
 */
export function whyHopeless(missing: Missing, evidence: Evidence): string | undefined {
  return noMoreTries(missing) ?? sameFinalError(missing, evidence);
}

function noMoreTries({ service, places, now }: Missing): string | undefined {
  const { Condition = "any", MaxAttempts } = service.Spec.TaskTemplate?.RestartPolicy ?? {};
  const over = places.some(({ tasks }) => {
    const [newest] = tasks;
    const state = newest?.Status?.State ?? "";
    if (newest === undefined || !isCurrent(newest, service.Spec.TaskTemplate)) return false;
    if (!["failed", "rejected", "complete"].includes(state)) return false;
    const ends = Condition === "none" || (Condition === "on-failure" && state === "complete");
    const since = now - Date.parse(newest.Status?.Timestamp ?? "");
    return ends || ((MaxAttempts ?? 0) > 0 && since >= NOTICED_MS);
  });
  if (!over) return undefined;
  const limit = MaxAttempts ? `, maxAttempts: ${MaxAttempts}` : "";
  return `swarm starts no further task (restart: { condition: ${Condition}${limit} })`;
}

function sameFinalError(missing: Missing, { before, absent }: Evidence): string | undefined {
  const { service, places } = missing;
  const isGlobal = !!service.Spec.Mode?.Global || !!service.Spec.Mode?.GlobalJob;
  // A task of a global service can only run on its own node; any other may find a better one.
  const groups = isGlobal ? places.map(({ tasks }) => tasks) : [places.flatMap((one) => one.tasks)];
  if (!isGlobal && missing.someGood) return undefined;
  for (const tasks of groups) {
    if (tasks.some((task) => gotFurther(task, missing))) continue;
    const ended = endedTasks(service, tasks).filter(({ ID }) => !before.has(ID));
    const last = ended.sort(newestFirst).slice(0, TRIES);
    const [newest] = last;
    if (newest === undefined || last.length < TRIES) continue;
    const { text, final } = endingOf(newest);
    if (last.some((task) => endingOf(task).text !== text)) continue;
    // A job that ends like this is not going to do its work; a service may wait for another one.
    if (final === undefined && !isJob(service)) continue;
    if (final === "image" && !absent.has(imageOf(newest))) continue;
    const failedOn = ended.filter((task) => endingOf(task).text === text);
    if (final === "on this node" && !isGlobal && !everywhere(missing, failedOn)) continue;
    return `each of the last ${TRIES} tries ended with this, and another one would too: ${text}`;
  }
  return undefined;
}

/** Images of failed tasks that a registry must be asked for before anything is said of them. Pure. */
export function imagesInDoubt({ service, places }: Missing, { before }: Evidence): string[] {
  const ended = endedTasks(
    service,
    places.flatMap(({ tasks }) => tasks),
  );
  const doubtful = ended.filter((one) => !before.has(one.ID) && endingOf(one).final === "image");
  return doubtful.length < TRIES ? [] : [...new Set(doubtful.map(imageOf))];
}

/** True when a registry's answer says that it has no such image, rather than that it cannot answer now. Pure. */
export function saysAbsent(answer: string): boolean {
  return /manifest unknown|name unknown|manifest for \S+ not found|repository name not known/i.test(
    answer,
  );
}

/** For how long a registry's name must have had no address: one that restarts has none for a moment. */
const NAMELESS_MS = 45_000;

/** What is known of an image that no node could pull. */
export interface Heard {
  /** Nobody will be able to pull it as it is named. */
  readonly absent: boolean;
  /** Since when each answer was that the registry's name has no address, in milliseconds since 1970. */
  readonly namelessSince?: number;
}

/**
 * What is known of an image after one more answer for it. A registry that answers knows at once; that
 * one's name has no address must have been so for a while. Whatever else goes wrong may pass. Pure.
 */
export function heard(answer: string, { namelessSince }: Partial<Heard>, now: number): Heard {
  if (saysAbsent(answer)) return { absent: true };
  if (!/\blookup \S+.*: no such host\b/i.test(answer)) return { absent: false };
  const since = namelessSince ?? now;
  return { absent: now - since >= NAMELESS_MS, namelessSince: since };
}

function imageOf(task: LiveTask): string {
  return task.Spec?.ContainerSpec?.Image ?? "";
}

function gotFurther(task: LiveTask, { service, now }: Missing): boolean {
  const { State, Timestamp } = task.Status ?? {};
  if (task.DesiredState !== "running" || !isCurrent(task, service.Spec.TaskTemplate)) return false;
  const since = now - Date.parse(Timestamp ?? "");
  return State === "running" || (State === "starting" && since >= STARTING_MS);
}

function everywhere({ service, nodes }: Missing, failed: readonly LiveTask[]): boolean {
  const constraints = service.Spec.TaskTemplate?.Placement?.Constraints ?? [];
  const tried = new Set(failed.map(({ NodeID }) => NodeID));
  return findFit({ constraints }, nodes).fitting.every(({ id }) => tried.has(id));
}

function newestFirst(a: LiveTask, b: LiveTask): number {
  return (b.CreatedAt ?? "").localeCompare(a.CreatedAt ?? "");
}
