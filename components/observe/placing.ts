import type { LiveTask } from "../engine/live";
import { explainFit, findFit, type NodeDescription } from "../model/placement/constraints";
import { readableBytes } from "../model/placement/room";
import { bothNames } from "../model/platform/compose-names";
import type { LiveService } from "../model/service/wire";
import { hostPorts, reservationOf } from "./holdings";

/** What excludes each node for a task without one, as far as it can be seen from outside. Pure. */
export function whyNoNode(
  task: LiveTask,
  service: LiveService,
  nodes: readonly NodeDescription[],
): string[] {
  const template = service.Spec.TaskTemplate;
  const { Placement } = template ?? {};
  const { cpus, memoryBytes, generic } = reservationOf(template);
  const ports = hostPorts(service);
  const found = findFit(
    {
      constraints: Placement?.Constraints ?? [],
      platforms: (Placement?.Platforms ?? []).map((p) => `${p.OS ?? ""}/${p.Architecture ?? ""}`),
      cpus,
      memoryBytes,
      generic,
      ports,
    },
    nodes.filter(({ id }) => !task.NodeID || id === task.NodeID),
  );
  if (found.fitting.length === 0) return explainFit(found);
  const hosts = found.fitting.map(({ hostname }) => hostname).join(", ");
  const needs = [
    ...(ports.length === 0 ? [] : [`host ports ${ports.join(", ")}`]),
    ...(cpus === undefined ? [] : [`${cpus} cores`]),
    ...(memoryBytes === undefined ? [] : [`${readableBytes(memoryBytes)} of memory`]),
    ...Object.entries(generic).map(([kind, value]) => `${value} ${kind}`),
    ...(Placement?.MaxReplicas ? [`no more than ${Placement.MaxReplicas} tasks a node`] : []),
  ];
  const what = needs.length === 0 ? "" : `; the task needs ${needs.join(", ")}`;
  return [`${hosts} would fit, but other tasks leave no room${what}`, ...explainFit(found)];
}

/** What swarm says when it finds no node, and what to do about it. */
const PLACEMENT: readonly (readonly [RegExp, string])[] = [
  [
    /insufficient resources/,
    `lower ${bothNames("resources.reservations")} of the service, remove what takes the room, or add a node`,
  ],
  [
    /constraints not satisfied/,
    "use a constraint that a node meets, or `labels` for a group in swarmyard:hosts",
  ],
  [/port already in use/, "publish another port, or stop the service that has it"],
  [
    /missing plugin/,
    "correct the driver of its volumes, networks or `logging`, or install that plugin on the nodes (docker plugin install)",
  ],
  [/max replicas per node/, `raise ${bothNames("placement.maxReplicasPerNode")}, or add a node`],
  [
    /unsupported platform/,
    "build the image for the nodes' platform, or add a node of the image's platform",
  ],
  [
    /not available for new tasks/,
    "bring back the nodes that are not ready or not active (npm run refresh, then npm run up)",
  ],
];

/** What to do about what swarm said. */
export function placementRemedies(said: string): string[] {
  return PLACEMENT.flatMap(([pattern, remedy]) => (pattern.test(said) ? [remedy] : []));
}
