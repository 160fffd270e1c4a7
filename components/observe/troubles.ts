import type { LiveTask } from "../engine/live";
import type { NodeDescription } from "../model/placement/constraints";
import { printable } from "../model/printable";
import type { LiveService, WireTemplate } from "../model/service/wire";
import { isCurrent } from "./current";
import { placementRemedies, whyNoNode } from "./placing";
import { endingOf } from "./task-errors";

/** A place where a task is wanted (a slot or a node), with its tasks, newest first. */
export interface Place {
  readonly label: string;
  readonly tasks: readonly LiveTask[];
}

/** Context needed to describe a problem. */
export interface Circumstances {
  readonly service: LiveService;
  readonly name: string;
  readonly nodes: readonly NodeDescription[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface Trouble {
  readonly label: string;
  /** For progress. */
  readonly short: string;
  /** For an error. */
  readonly long: string;
  /** What to do about it. */
  readonly remedies?: readonly string[];
}

/** Troubles of a service. */
export interface Troubles {
  /** For progress. */
  readonly short: readonly string[];
  /** For an error. */
  readonly long: readonly string[];
  /** What to do, each once. */
  readonly remedies: readonly string[];
}

/** Why tasks are missing or do not stay up. Places with the same problem are grouped. */
export function troubles(places: readonly Place[], about: Circumstances): Troubles {
  const all = places.map((place) => trouble(place, about));
  return {
    short: grouped(all, ({ short }) => short),
    long: grouped(all, ({ long }) => long),
    remedies: [...new Set(all.flatMap(({ remedies = [] }) => remedies))],
  };
}

function grouped(all: readonly Trouble[], text: (trouble: Trouble) => string): string[] {
  const groups = new Map<string, string[]>();
  for (const one of all) groups.set(text(one), [...(groups.get(text(one)) ?? []), one.label]);
  return [...groups].map(([what, labels]) =>
    labels.length <= 3
      ? `${labels.join(", ")}: ${what}`
      : `${labels.slice(0, 2).join(", ")} and ${labels.length - 2} more: ${what}`,
  );
}

/** Tasks that ended on their own and were made from the current version of the service. */
export function endedTasks(service: LiveService, tasks: readonly LiveTask[]): LiveTask[] {
  return tasks.filter(
    (task) =>
      ["failed", "rejected", "complete"].includes(task.Status?.State ?? "") &&
      isCurrent(task, service.Spec.TaskTemplate),
  );
}

function trouble({ label, tasks }: Place, about: Circumstances): Trouble {
  const ended = endedTasks(about.service, tasks);
  const live = tasks.find(({ DesiredState }) => DesiredState === "running");
  const state = live?.Status?.State ?? "";
  if (live && ["new", "pending"].includes(state)) return unplaced(label, live, about);
  const [last] = ended;
  if (last !== undefined) return afterEnding(label, last, ended.length, live, about);
  const both = (text: string) => ({ label, short: text, long: text });
  if (live === undefined) return both("has no task yet");
  if (state === "running") {
    return both(
      isCurrent(live, about.service.Spec.TaskTemplate)
        ? "is running, but not for long enough yet"
        : "still runs the version from before the update",
    );
  }
  return { ...both(`is ${activity(live, about)}`), remedies: patience(live) };
}

function afterEnding(
  label: string,
  last: LiveTask,
  times: number,
  live: LiveTask | undefined,
  about: Circumstances,
): Trouble {
  const { text, remedy } = endingOf(last);
  const doing = live === undefined ? "" : `, now ${activity(live, about)}`;
  return {
    label,
    short: `failed: ${text}${doing}`,
    long: `${failure(last, times, about.nodes)}${doing}`,
    remedies: remedy === undefined ? [] : [remedy],
  };
}

/** The fix for a task that may only need more time. */
function patience({ Status }: LiveTask): string[] {
  const more =
    "set a longer `timeout` in the platform's `rollout`, or run up again to keep waiting";
  if (Status?.State === "preparing") return [`the image is still being pulled: ${more}`];
  return Status?.State === "starting" ? [more] : [];
}

/** Such as `pulling redis:7 on vm-0 for 20s`. */
function activity(task: LiveTask, about: Circumstances): string {
  const { Status, Spec } = task;
  const since = Date.parse(Status?.Timestamp ?? "");
  const time = Number.isNaN(since)
    ? ""
    : ` for ${Math.max(0, Math.round((about.now - since) / 1e3))}s`;
  const where = task.NodeID ? ` on ${host(task, about.nodes)}` : "";
  const state = Status?.State ?? "unknown";
  if (state === "preparing") {
    return `pulling image ${(Spec?.ContainerSpec?.Image ?? "").replace(/@.*$/, "")}${where}${time}`;
  }
  const health = state === "starting" && hasHealthcheck(Spec) ? " (not healthy yet)" : "";
  return `${state}${where}${time}${health}`;
}

function hasHealthcheck(spec: WireTemplate | undefined): boolean {
  const test = spec?.ContainerSpec?.Healthcheck?.Test?.[0];
  return test !== undefined && test !== "NONE";
}

/** How, where and why a task failed. */
export function failure(task: LiveTask, times: number, nodes: readonly NodeDescription[]): string {
  const often = times > 1 ? ` ${times} times, last` : "";
  const verbs: { readonly [state: string]: string } = {
    rejected: "was rejected",
    complete: "ended",
  };
  const verb = verbs[task.Status?.State ?? ""] ?? "failed";
  return `${verb}${often} on ${host(task, nodes)}: ${endingOf(task).text}`;
}

function host(task: LiveTask, nodes: readonly NodeDescription[]): string {
  const node = nodes.find(({ id }) => id === task.NodeID);
  if (node === undefined) return task.NodeID || "no node";
  return (node.state ?? "ready") === "ready" ? node.hostname : `${node.hostname} (${node.state})`;
}

function unplaced(label: string, task: LiveTask, about: Circumstances): Trouble {
  const { Err, Message } = task.Status ?? {};
  const said = printable(Err || Message || "it was not placed yet");
  if (!Err) {
    return { label, short: `waits for a node (${said})`, long: `waits for a node: ${said}` };
  }
  return {
    label,
    short: `has no node (${said})`,
    long: [`has no node: ${said}`, ...whyNoNode(task, about.service, about.nodes)].join("\n    "),
    remedies: placementRemedies(said),
  };
}
