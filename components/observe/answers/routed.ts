import type { LiveTask } from "../../engine/live";
import type { NodeDescription } from "../../model/placement/constraints";
import type { LiveService } from "../../model/service/wire";
import type { Verdict } from "../judge";
import type { SwarmView } from "../swarm";
import { steadyServices } from "./published";

/** A port of a service to which Traefik passes requests on. */
export interface RoutedPort {
  /** Name of the service on the swarm. */
  readonly service: string;
  /** Port that its program must listen on. */
  readonly target: number;
  /** All nodes. */
  readonly nodes: readonly NodeDescription[];
  /** Tasks that run as they should. */
  readonly tasks: readonly LiveTask[];
}

const PORT_LABEL = /^traefik\.(http|tcp)\.services\.[^.]+\.loadbalancer\.server\.port$/i;

/**
 * Ports that the labels of running services name to Traefik, whether `route` wrote them or somebody else. Pure.
 *
 * @param quiet ports that need not answer
 */
export function routedPorts(
  { services, tasks, nodes }: SwarmView,
  verdicts: ReadonlyMap<string, Verdict>,
  quiet: readonly number[] = [],
): readonly RoutedPort[] {
  return steadyServices({ services, tasks }, verdicts).flatMap(({ name, service, good }) => {
    const labels = Object.entries(service.Spec.Labels ?? {});
    const isOff = labels.some(
      ([key, value]) => /^traefik\.enable$/i.test(key) && value === "false",
    );
    if (isOff) return [];
    const stated = labels.flatMap(([key, value]) => (PORT_LABEL.test(key) ? Number(value) : []));
    return [...new Set(stated)]
      .filter((target) => Number.isInteger(target) && !quiet.includes(target))
      .map((target) => ({ service: name, target, nodes, tasks: good }));
  });
}

/** Whether a service is Traefik, which reads the labels of a swarm's services. Pure. */
export function isTraefik({ Spec }: LiveService): boolean {
  const { Image = "", Args, Command } = Spec.TaskTemplate?.ContainerSpec ?? {};
  const words = [...(Command ?? []), ...(Args ?? [])];
  return (
    /(^|\/)traefik(:|@|$)/i.test(Image) ||
    words.some((word) => /^--providers\.(swarm|docker)\b/i.test(word))
  );
}
