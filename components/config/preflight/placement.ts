import { nearest } from "../../model/nearest";
import {
  explainFit,
  findFit,
  meets,
  type NodeDescription,
  parseConstraint,
} from "../../model/placement/constraints";
import type { ServicePlan } from "../../model/platform/plan";
import type { Keys, Problem } from "../../model/problem";
import { bytesIn } from "../../model/quantities";
import { GPU_RESOURCE, gpuTypeExamples } from "../environment/instance-types";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";
import { describeNodes } from "./known-nodes";

/** Nodes where tasks of a service may run, as far as it is known before they exist. */
export function nodesFor(
  service: ServicePlan,
  nodes: readonly NodeDescription[],
): readonly NodeDescription[] {
  return findFit(demandOf(service), nodes).fitting;
}

function demandOf(service: ServicePlan) {
  const { constraints, platforms } = service.placement ?? {};
  const { generic, cpus, memory } = service.resources?.reservations ?? {};
  const memoryBytes = bytesIn(memory);
  return {
    // The service's own check reports malformed values.
    constraints: (constraints ?? []).filter((text) => !("wrong" in parseConstraint(text))),
    ...(platforms === undefined ? {} : { platforms }),
    ...(generic === undefined ? {} : { generic }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

/** Services that no node, or too few, can run. */
export const checkPlacement: Check = ({ environment, drafts, known, world }) => {
  if (!known.labels || environment.hosts.length === 0) return [];
  const nodes = describeNodes(environment, world.machine);
  const onAws = environment.hosts.every((host) => host.kind === "aws");
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]) => {
      const unknown = labelsNoNodeHas(draft, service, spec, nodes);
      return unknown.length > 0
        ? unknown
        : noRoom({ draft, service, spec, nodes, countsKnown: known.counts, onAws });
    }),
  );
};

const LABEL = "node.labels.";

function labelsNoNodeHas(
  draft: Draft,
  service: string,
  spec: ServicePlan,
  nodes: readonly NodeDescription[],
): readonly Problem[] {
  return (spec.placement?.constraints ?? []).flatMap((text, index) => {
    const constraint = parseConstraint(text);
    if ("wrong" in constraint || constraint.operator !== "==") return [];
    if (!constraint.key.toLowerCase().startsWith(LABEL)) return [];
    const label = constraint.key.slice(LABEL.length);
    if (nodes.some((node) => node.labels[label] !== undefined)) return [];
    const keys = ["services", service, "placement", "constraints", index];
    const known = [...new Set(nodes.flatMap((node) => Object.keys(node.labels)))];
    const near = nearest(label, known);
    const found = `"${text}" of service ${service}, but no node has the label \`${label}\``;
    const wanted = constraint.value === "true" ? `[${label}]` : `{ ${label}: ${constraint.value} }`;
    const add = `\`labels: ${wanted}\` in a group of swarmyard:hosts`;
    const fix = near === undefined ? add : `did you mean \`${LABEL}${near}\`?`;
    return [platformProblem(draft, keys, { found, allowed: labelList(nodes), fix })];
  });
}

/** Which nodes have which labels: `db=true, target=db on a, b | …`. */
function labelList(nodes: readonly NodeDescription[]): string {
  const owners = new Map<string, string[]>();
  for (const node of nodes) {
    const labels = Object.entries(node.labels).map(([key, value]) => `${key}=${value}`);
    if (labels.length === 0) continue;
    const written = labels.join(", ");
    owners.set(written, [...(owners.get(written) ?? []), node.hostname]);
  }
  const lines = [...owners].map(([labels, hosts]) => `${labels} on ${shortened(hosts)}`);
  return lines.length === 0 ? "none" : lines.join(" | ");
}

function shortened(hosts: readonly string[]): string {
  if (hosts.length <= 4) return hosts.join(", ");
  return `${hosts.slice(0, 3).join(", ")} and ${hosts.length - 3} more`;
}

/** The fix when no node fits. */
function remedy(place: Keys, { spec, onAws, nodes }: Placing): string {
  const near = nearHostname(place, spec, nodes);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (place[0] === "resources") {
    if (place[2] !== "generic") return "a smaller reservation, or larger machines";
    const kinds = Object.entries(spec.resources?.reservations?.generic ?? {});
    if (onAws && kinds.every(([kind]) => kind === GPU_RESOURCE)) {
      return `\`instanceType: ${gpuTypeExamples[1]}\` for a group in swarmyard:hosts, or a smaller reservation`;
    }
    const written = kinds.map(([kind, count]) => `${kind}: ${count}`).join(", ");
    return `\`resources: { ${written} }\` for a group in swarmyard:hosts, or a smaller reservation`;
  }
  if (place[1] === "platforms") return "`linux/amd64`, or whatever the nodes are";
  return "a constraint that a node meets, or `labels` for a group in swarmyard:hosts";
}

/** The hostname that was probably meant by a constraint that no node meets. */
function nearHostname(
  [field, , index]: Keys,
  { placement }: ServicePlan,
  nodes: readonly NodeDescription[],
): string | undefined {
  const text = placement?.constraints?.[typeof index === "number" ? index : -1] ?? "";
  const constraint = parseConstraint(text);
  if (field !== "placement" || "wrong" in constraint || constraint.operator !== "==") return;
  if (constraint.key.toLowerCase() !== "node.hostname") return undefined;
  const names = nodes.map(({ hostname }) => hostname);
  const ends = names.filter((name) => name.endsWith(`-${constraint.value}`));
  const near = ends.length === 1 ? ends[0] : nearest(constraint.value, names);
  return near === undefined ? undefined : `${constraint.key} == ${near}`;
}

interface Placing {
  readonly draft: Draft;
  readonly service: string;
  readonly spec: ServicePlan;
  readonly nodes: readonly NodeDescription[];
  readonly countsKnown: boolean;
  /** Machines on AWS have the GPUs of their type. */
  readonly onAws: boolean;
}

function noRoom(placing: Placing): readonly Problem[] {
  const { draft, service, spec, nodes, countsKnown } = placing;
  if (spec.replicas === 0) return [];
  const fit = findFit(demandOf(spec), nodes);
  const about = (keys: Keys, found: string, allowed: string, fix: string) => [
    platformProblem(draft, ["services", service, ...keys], { found, allowed, fix }),
  ];
  if (fit.fitting.length === 0) {
    const why = explainFit(fit)
      .map((line) => line.replaceAll(/constraint "[^"]*" is not met: /g, ""))
      .join(" | ");
    const found = `${asked(spec)} of service ${service}, which no node meets`;
    const place = placeOf(spec, nodes);
    return about(place, found, `what a node has: ${why}`, remedy(place, placing));
  }
  const { replicas = 1, mode = "replicated" } = spec;
  const room = roomFor(spec, fit.fitting);
  if (!countsKnown || mode !== "replicated" || replicas <= room) return [];
  const hosts = shortened(fit.fitting.map((node) => node.hostname));
  const found = `${replicas} replicas of service ${service}, of which ${room} have room on ${hosts}`;
  // Traefik has the one port, and reaches all tasks through a network.
  const shared = publishesOnHost(spec)
    ? ", or `route: <host name>` in place of the published port, with the platform traefik"
    : "";
  const fix = `\`replicas: ${room}\`${shared}`;
  return about(["replicas"], found, `at most ${room}: ${limits(spec)}`, fix);
}

function asked(spec: ServicePlan): string {
  const { constraints = [], platforms = [] } = spec.placement ?? {};
  const { generic = {}, cpus, memory } = spec.resources?.reservations ?? {};
  return [
    ...constraints.map((text) => `"${text}"`),
    ...platforms,
    ...Object.entries(generic).map(([kind, count]) => `${count} ${kind}`),
    ...(cpus === undefined ? [] : [`${cpus} cores`]),
    ...(memory === undefined ? [] : [`${memory} of memory`]),
  ].join(", ");
}

/** The place to report: the one constraint that no node meets, else whatever requires too much. */
function placeOf(spec: ServicePlan, nodes: readonly NodeDescription[]): Keys {
  const { constraints, platforms } = spec.placement ?? {};
  const index = (constraints ?? []).findIndex((text) => {
    const constraint = parseConstraint(text);
    if ("wrong" in constraint) return false;
    return nodes.every((node) => meets(constraint, node) === false);
  });
  if (index >= 0) return ["placement", "constraints", index];
  if (spec.resources?.reservations?.generic !== undefined && !constraints?.length) {
    return ["resources", "reservations", "generic"];
  }
  if (constraints?.length) return ["placement", "constraints"];
  const { cpus, memory } = spec.resources?.reservations ?? {};
  const one = nodes.every(
    ({ resources }) => (cpus ?? 0) > (resources?.cpus ?? Number.POSITIVE_INFINITY),
  )
    ? "cpus"
    : "memory";
  if (platforms === undefined && (cpus ?? memory) !== undefined) {
    return ["resources", "reservations", one];
  }
  return platforms === undefined ? ["placement"] : ["placement", "platforms"];
}

function publishesOnHost(spec: ServicePlan): boolean {
  return (spec.ports ?? []).some((port) => port.mode === "host" && port.published !== undefined);
}

/** How many tasks of a service these nodes can run at the same time. */
export function roomFor(spec: ServicePlan, nodes: readonly NodeDescription[]): number {
  return nodes.reduce((sum, node) => sum + tasksOn(node, spec), 0);
}

function tasksOn(node: NodeDescription, spec: ServicePlan): number {
  const { generic = {}, cpus = 0, memory } = spec.resources?.reservations ?? {};
  const memoryBytes = bytesIn(memory) ?? 0;
  const { resources = {} } = node;
  const times = (has: number | undefined, wanted: number) =>
    has === undefined || wanted === 0 ? Number.POSITIVE_INFINITY : Math.floor(has / wanted + 1e-9);
  const perNode = spec.placement?.maxReplicasPerNode ?? 0;
  return Math.min(
    perNode === 0 ? Number.POSITIVE_INFINITY : perNode,
    publishesOnHost(spec) ? 1 : Number.POSITIVE_INFINITY,
    times(resources.cpus, cpus),
    times(resources.memoryBytes, memoryBytes),
    ...Object.entries(generic).map(([kind, count]) => times(resources.generic?.[kind] ?? 0, count)),
  );
}

/** What limits the tasks on a node, in words. */
export function limits(spec: ServicePlan): string {
  const reasons: string[] = [];
  const perNode = spec.placement?.maxReplicasPerNode;
  if (perNode !== undefined) reasons.push(`\`placement.maxReplicasPerNode: ${perNode}\``);
  if (publishesOnHost(spec)) reasons.push("a port in mode host is free once on a node");
  const { generic, cpus, memory } = spec.resources?.reservations ?? {};
  if ((generic ?? cpus ?? memory) !== undefined) reasons.push("reservations");
  return reasons.join(", ");
}
