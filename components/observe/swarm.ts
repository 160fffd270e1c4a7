import type Docker from "dockerode";
import type { NodeDescription } from "../model/placement/constraints";
import type { LiveService } from "../model/service/wire";
import type { ObserveContext } from "./context";
import { holdingsByNode } from "./holdings";
import type { LiveTask } from "./task";

/** A node as an engine shows it. */
interface LiveNode {
  readonly ID: string;
  readonly Spec?: {
    readonly Labels?: { readonly [key: string]: string } | null;
    readonly Role?: string;
    readonly Availability?: string;
  };
  readonly Status?: { readonly State?: string; readonly Addr?: string };
  readonly Description?: {
    readonly Hostname?: string;
    readonly Platform?: { readonly Architecture?: string; readonly OS?: string };
    readonly Engine?: { readonly Labels?: { readonly [key: string]: string } | null };
    readonly Resources?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly GenericResources?:
        | readonly {
            readonly DiscreteResourceSpec?: { readonly Kind?: string; readonly Value?: number };
            readonly NamedResourceSpec?: { readonly Kind?: string };
          }[]
        | null;
    };
  };
}

/** Services by name, their tasks and all nodes, as they were at one moment. */
export interface SwarmView {
  readonly services: ReadonlyMap<string, LiveService>;
  readonly tasks: readonly LiveTask[];
  readonly nodes: readonly NodeDescription[];
}

/** Looks once. @throws when no manager answers */
export async function lookAt(
  names: readonly string[],
  context: ObserveContext,
): Promise<SwarmView> {
  const docker = await context.manager();
  const wanted = new Set(names);
  const listed: unknown[] = await docker.listServices();
  const services = (listed as LiveService[]).filter(({ Spec }) => wanted.has(Spec.Name ?? ""));
  const ids = services.map(({ ID }) => ID);
  const [tasks, nodes] = await Promise.all([
    ids.length === 0 ? [] : docker.listTasks({ filters: { service: ids } }),
    docker.listNodes() as Promise<unknown[]>,
  ]);
  const unplaced = tasks.some(({ NodeID, Status }: LiveTask) => !NodeID && Status?.Err);
  const holdings = unplaced
    ? holdingsByNode(await running(docker), listed as LiveService[])
    : new Map();
  return {
    services: new Map(services.map((service) => [service.Spec.Name ?? "", service])),
    tasks,
    nodes: (nodes as LiveNode[]).map((node) => ({
      ...describeNode(node),
      holdings: holdings.get(node.ID) ?? [],
    })),
  };
}

/** All tasks that shall run, of whatever service: they hold what others wait for. */
async function running(docker: Docker): Promise<LiveTask[]> {
  return await docker.listTasks({ filters: { "desired-state": ["running"] } });
}

/** A live node in the words of placement. Its resources are its total, not what is free. */
export function describeNode(node: LiveNode): NodeDescription {
  const { Spec, Status, Description } = node;
  const generic: { [kind: string]: number } = {};
  for (const item of Description?.Resources?.GenericResources ?? []) {
    const { Kind = "", Value = 0 } = item.DiscreteResourceSpec ?? {};
    const kind = item.NamedResourceSpec?.Kind ?? Kind;
    generic[kind] = (generic[kind] ?? 0) + (item.NamedResourceSpec ? 1 : Value);
  }
  return {
    id: node.ID,
    hostname: Description?.Hostname ?? node.ID,
    role: Spec?.Role === "manager" ? "manager" : "worker",
    address: Status?.Addr,
    labels: Spec?.Labels ?? {},
    engineLabels: Description?.Engine?.Labels ?? {},
    platform: {
      os: Description?.Platform?.OS,
      architecture: Description?.Platform?.Architecture,
    },
    resources: {
      cpus: (Description?.Resources?.NanoCPUs ?? 0) / 1e9,
      memoryBytes: Description?.Resources?.MemoryBytes ?? 0,
      generic,
    },
    availability: (Spec?.Availability ?? "active") as NodeDescription["availability"],
    state: Status?.State,
  };
}
