import { realName } from "../../model/platform/names";
import type { OpenPlan } from "../../model/platform/plan";
import type { PresentService, PresentSpec } from "./present";
import { routeOf } from "./routes";

/** Targets of the TCP ports that a service publishes, each once. */
export function openTargets({ ports = [] }: Pick<PresentService, "ports">): readonly number[] {
  const published = ports.filter((port) => port.published !== undefined);
  const tcp = published.filter(({ protocol = "tcp" }) => protocol === "tcp");
  return [...new Set(tcp.map(({ target }) => target))];
}

/** The page of a platform; undefined without one, and where the service has no address, which preflight reports. */
export function planOpen(
  { open, services }: Pick<PresentSpec, "open" | "services">,
  namespace: string | undefined,
): OpenPlan | undefined {
  const service = open === undefined ? undefined : services[open.service];
  if (open === undefined || service === undefined) return undefined;
  const { target, ...rest } = open;
  const targets = openTargets(service);
  if (target !== undefined && targets.includes(target)) return { ...rest, target };
  const route = routeOf(service, realName(namespace, open.service));
  if (route !== undefined && (target === undefined || target === route.port)) {
    return { ...rest, route };
  }
  const [only] = targets.length === 1 && target === undefined ? targets : [];
  return only === undefined ? undefined : { ...rest, target: only };
}
