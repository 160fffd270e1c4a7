import type { LiveNode as Node, LiveTask as Task } from "../../components/engine/live";
import type { Transport } from "../../components/engine/transport";
import type { LiveService as Service } from "../../components/model/service/wire";

/** A node as the swarm sees it now. */
export interface LiveNode {
  readonly name: string;
  /** For example `ready` or `ready, drain`. */
  readonly state: string;
}

/** A service as the swarm sees it now. */
export interface LiveService {
  readonly name: string;
  readonly running: number;
  readonly wanted: number;
  /** Nodes that run it. */
  readonly nodes: readonly string[];
}

/** What runs on a swarm. */
export interface Live {
  readonly nodes: readonly LiveNode[];
  readonly services: readonly LiveService[];
}

/** Reads nodes, services and tasks through a manager. */
export async function readLive(transport: Transport): Promise<Live> {
  const manager = await transport.manager();
  const [nodes, services, tasks] = await Promise.all([
    manager.nodes.list(),
    manager.services.list(),
    manager.tasks.list(),
  ]);
  return summarise(nodes, services, tasks);
}

/** What an engine lists, in the words of the tables. Pure. */
export function summarise(
  nodes: readonly Node[],
  services: readonly Service[],
  tasks: readonly Task[],
): Live {
  const names = new Map(nodes.map((node) => [node.ID, hostnameOf(node)]));
  return {
    nodes: nodes.map((node) => ({ name: hostnameOf(node), state: stateOf(node) })),
    services: services.map((service) => serviceOf(service, tasks, names)),
  };
}

function hostnameOf(node: Node): string {
  return node.Description.Hostname;
}

function stateOf(node: Node): string {
  const availability = node.Spec.Availability;
  const state = node.Status.State;
  return availability === undefined || availability === "active"
    ? state
    : `${state}, ${availability}`;
}

function serviceOf(
  service: Service,
  tasks: readonly Task[],
  names: ReadonlyMap<string, string>,
): LiveService {
  const own = tasks.filter((task) => task.ServiceID === service.ID);
  const wanted = own.filter((task) => task.DesiredState === "running");
  const running = wanted.filter((task) => task.Status?.State === "running");
  const nodes = running.map((task) => names.get(task.NodeID ?? "") ?? "?");
  return {
    name: service.Spec.Name ?? service.ID,
    running: running.length,
    wanted: service.Spec.Mode?.Replicated?.Replicas ?? wanted.length,
    nodes: [...new Set(nodes)].sort(),
  };
}
