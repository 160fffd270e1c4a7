import type { EngineClient } from "../engine/client";
import type { LiveNode, LiveTask } from "../engine/live";
import type { NodeDescription } from "../model/placement/constraints";
import type { LiveService } from "../model/service/wire";
import type { ObserveContext } from "./context";
import { holdingsByNode } from "./holdings";

/** Services by name, their tasks and all nodes, as they were at one moment. */
export interface SwarmView {
  readonly services: ReadonlyMap<string, LiveService>;
  readonly tasks: readonly LiveTask[];
  readonly nodes: readonly NodeDescription[];
}

/** Reads the swarm once. @throws when no manager answers */
export async function lookAt(
  names: readonly string[],
  context: ObserveContext,
): Promise<SwarmView> {
  const docker = await context.manager();
  const wanted = new Set(names);
  const listed = await docker.services.list();
  const services = listed.filter(({ Spec }) => wanted.has(Spec.Name ?? ""));
  const ids = services.map(({ ID }) => ID);
  const [tasks, nodes] = await Promise.all([
    ids.length === 0 ? [] : docker.tasks.list({ service: ids }),
    docker.nodes.list(),
  ]);
  const unplaced = tasks.some(({ NodeID, Status }) => !NodeID && Status?.Err);
  const holdings = unplaced ? holdingsByNode(await running(docker), listed) : new Map();
  return {
    services: new Map(services.map((service) => [service.Spec.Name ?? "", service])),
    tasks,
    nodes: nodes.map((node) => ({
      ...describeNode(node),
      holdings: holdings.get(node.ID) ?? [],
    })),
  };
}

/** All tasks that should run, of whatever service: they hold what others wait for. */
async function running(docker: EngineClient): Promise<LiveTask[]> {
  return await docker.tasks.list({ "desired-state": ["running"] });
}

/** A live node, as the placement rules see it. Its resources are its total, not what is free. */
export function describeNode(node: LiveNode): NodeDescription {
  const { Spec, Status, Description } = node;
  const { Platform, Engine, Resources } = Description;
  const generic: { [kind: string]: number } = {};
  for (const item of Resources?.GenericResources ?? []) {
    const { Kind = "", Value = 0 } = item.DiscreteResourceSpec ?? {};
    const kind = item.NamedResourceSpec?.Kind ?? Kind;
    generic[kind] = (generic[kind] ?? 0) + (item.NamedResourceSpec ? 1 : Value);
  }
  return {
    id: node.ID,
    // One that has just joined has none yet.
    hostname: Description.Hostname || node.ID,
    role: Spec.Role,
    address: Status.Addr,
    labels: Spec.Labels ?? {},
    engineLabels: Engine?.Labels ?? {},
    platform: { os: Platform?.OS, architecture: Platform?.Architecture },
    resources: {
      cpus: (Resources?.NanoCPUs ?? 0) / 1e9,
      memoryBytes: Resources?.MemoryBytes ?? 0,
      generic,
    },
    availability: Spec.Availability,
    state: Status.State,
  };
}
