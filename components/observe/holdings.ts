import type { LiveTask } from "../engine/live";
import type { Holding } from "../model/placement/room";
import type { LiveService, WireTemplate } from "../model/service/wire";

/** What services reserve on each node, by the node's id, as swarm's scheduler counts it. Pure. */
export function holdingsByNode(
  tasks: readonly LiveTask[],
  services: readonly LiveService[],
): ReadonlyMap<string, readonly Holding[]> {
  const byId = new Map(services.map((service) => [service.ID, service]));
  const nodes = new Map<string, Map<string, Holding>>();
  for (const { NodeID = "", ServiceID = "", Spec } of tasks) {
    const service = byId.get(ServiceID);
    if (NodeID === "" || service === undefined) continue;
    const held = nodes.get(NodeID) ?? new Map<string, Holding>();
    nodes.set(NodeID, held.set(ServiceID, added(held.get(ServiceID), service, Spec)));
  }
  return new Map([...nodes].map(([id, held]) => [id, [...held.values()]]));
}

function added(
  before: Holding | undefined,
  service: LiveService,
  template: WireTemplate | undefined,
): Holding {
  const { cpus = 0, memoryBytes = 0, generic } = reservationOf(template);
  const kinds = { ...before?.generic };
  for (const [kind, amount] of Object.entries(generic)) kinds[kind] = (kinds[kind] ?? 0) + amount;
  return {
    service: service.Spec.Name ?? service.ID,
    cpus: (before?.cpus ?? 0) + cpus,
    memoryBytes: (before?.memoryBytes ?? 0) + memoryBytes,
    generic: kinds,
    ports: hostPorts(service),
  };
}

/** What a task of this template reserves. */
export function reservationOf(template: WireTemplate | undefined): {
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly generic: { readonly [kind: string]: number };
} {
  const { NanoCPUs, MemoryBytes, GenericResources } = template?.Resources?.Reservations ?? {};
  const generic = (GenericResources ?? []).map(
    ({ DiscreteResourceSpec: { Kind = "", Value = 0 } = {} }) => [Kind, Value] as const,
  );
  return {
    cpus: NanoCPUs ? NanoCPUs / 1e9 : undefined,
    memoryBytes: MemoryBytes || undefined,
    generic: Object.fromEntries(generic),
  };
}

/** Ports of the node that a task of the service uses. */
export function hostPorts({ Spec }: LiveService): string[] {
  return (Spec.EndpointSpec?.Ports ?? [])
    .filter(({ PublishMode, PublishedPort }) => PublishMode === "host" && PublishedPort)
    .map(({ PublishedPort, Protocol }) => `${PublishedPort}/${Protocol}`);
}
