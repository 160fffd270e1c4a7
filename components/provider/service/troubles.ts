import { explainFit, findFit, type NodeDescription } from "./constraints";
import type { LiveTask } from "./observed-swarm";
import type { LiveService, WireTemplate } from "./wire";

/** A place where a task is wanted (a slot or a node), with its tasks, newest first. */
export interface Place {
  readonly label: string;
  readonly tasks: readonly LiveTask[];
}

/** What a trouble is told with. */
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
}

/** Why tasks are missing: short for progress, long for an error. Places with the same trouble stand together. */
export function troubles(
  missing: readonly Place[],
  about: Circumstances,
): { readonly short: string[]; readonly long: string[] } {
  const all = missing.map((place) => trouble(place, about));
  return {
    short: grouped(all, ({ short }) => short),
    long: grouped(all, ({ long }) => long),
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

function trouble({ label, tasks }: Place, about: Circumstances): Trouble {
  const both = (text: string) => ({ label, short: text, long: text });
  const bad = tasks.filter(({ Status }) => ["failed", "rejected"].includes(Status?.State ?? ""));
  const live = tasks.find(({ DesiredState }) => DesiredState === "running");
  const state = live?.Status?.State ?? "";
  if (live && ["new", "pending"].includes(state)) return unplaced(label, live, about);
  const [failed] = bad;
  if (failed !== undefined) {
    const doing = live === undefined ? "" : `, now ${activity(live, about)}`;
    const text = failure(failed, bad.length, about.nodes);
    return { label, short: `failed: ${errorOf(failed)}${doing}`, long: `${text}${doing}` };
  }
  if (live === undefined) return both("has no task yet");
  if (state === "running") return both("still runs as it was before the update");
  return both(`is ${activity(live, about)}`);
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

/** How a task ended badly, where and why. */
export function failure(task: LiveTask, times: number, nodes: readonly NodeDescription[]): string {
  const often = times > 1 ? ` ${times} times, last` : "";
  const verb = task.Status?.State === "rejected" ? "was rejected" : "failed";
  return `${verb}${often} on ${host(task, nodes)}: ${errorOf(task)}`;
}

function errorOf({ Status }: LiveTask): string {
  const exit = Status?.ContainerStatus?.ExitCode ?? 0;
  const text = Status?.Err || Status?.Message || "no reason given";
  return exit !== 0 && !text.includes(`(${exit})`) ? `${text} (exit code ${exit})` : text;
}

function host(task: LiveTask, nodes: readonly NodeDescription[]): string {
  const node = nodes.find(({ id }) => id === task.NodeID);
  if (node === undefined) return task.NodeID || "no node";
  return (node.state ?? "ready") === "ready" ? node.hostname : `${node.hostname} (${node.state})`;
}

function unplaced(label: string, task: LiveTask, about: Circumstances): Trouble {
  const { Err, Message } = task.Status ?? {};
  const said = Err || Message || "it was not placed yet";
  if (!Err)
    return { label, short: `waits for a node (${said})`, long: `waits for a node: ${said}` };
  return {
    label,
    short: `has no node (${said})`,
    long: [`has no node: ${said}`, ...whyNoNode(task, about)].join("\n    "),
  };
}

/** What excludes each node, as far as it can be told from outside. */
function whyNoNode(task: LiveTask, { service, nodes }: Circumstances): string[] {
  const { Placement, Resources } = service.Spec.TaskTemplate ?? {};
  const { NanoCPUs, MemoryBytes, GenericResources } = Resources?.Reservations ?? {};
  const generic = (GenericResources ?? []).map(
    ({ DiscreteResourceSpec: { Kind = "", Value = 0 } = {} }) => [Kind, Value] as const,
  );
  const found = findFit(
    {
      constraints: Placement?.Constraints ?? [],
      platforms: (Placement?.Platforms ?? []).map((p) => `${p.OS ?? ""}/${p.Architecture ?? ""}`),
      cpus: NanoCPUs ? NanoCPUs / 1e9 : undefined,
      memoryBytes: MemoryBytes || undefined,
      generic: Object.fromEntries(generic),
    },
    nodes.filter(({ id }) => !task.NodeID || id === task.NodeID),
  );
  if (found.fitting.length === 0) return explainFit(found);
  const hosts = found.fitting.map(({ hostname }) => hostname).join(", ");
  const ports = (service.Spec.EndpointSpec?.Ports ?? [])
    .filter(({ PublishMode, PublishedPort }) => PublishMode === "host" && PublishedPort)
    .map(({ PublishedPort, Protocol }) => `${PublishedPort}/${Protocol}`);
  const needs = [
    ...(ports.length === 0 ? [] : [`host ports ${ports.join(", ")}`]),
    ...(NanoCPUs ? [`${NanoCPUs / 1e9} cores`] : []),
    ...(MemoryBytes ? [`${MemoryBytes} bytes of memory`] : []),
    ...generic.map(([kind, value]) => `${value} ${kind}`),
    ...(Placement?.MaxReplicas ? [`no more than ${Placement.MaxReplicas} tasks a node`] : []),
  ];
  const what = needs.length === 0 ? "" : `; the task needs ${needs.join(", ")}`;
  return [`${hosts} would fit, but other tasks leave no room there${what}`, ...explainFit(found)];
}
