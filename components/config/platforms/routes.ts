import type { RoutePlan, ServicePlan } from "../../model/platform/plan";
import type { RouteSpec, ServiceSpec } from "../../model/platform/service-spec";

type Routed = Pick<ServiceSpec, "route" | "ports">;

/**
 * What a service's `route` says; undefined without one.
 *
 * @param service Real name of the service.
 */
export function routeOf({ route, ports = [] }: Routed, service: string): RoutePlan | undefined {
  if (route === undefined) return undefined;
  const { name, port, entryPoint, tls, ...rest }: RouteSpec =
    typeof route === "string" ? { host: route } : route;
  const targets = [...new Set(ports.map(({ target }) => target))];
  const [only] = targets.length === 1 ? targets : [];
  const secure = tls ?? rest.resolver !== undefined;
  const known = port ?? only;
  return {
    ...rest,
    // Traefik reads a dot as the next part of a label.
    name: name ?? service.replaceAll(".", "-"),
    ...(known === undefined ? {} : { port: known }),
    entryPoint: entryPoint ?? (secure ? "websecure" : "web"),
    tls: secure,
  };
}

/** Labels by which Traefik passes the requests of a route on to a service, however many tasks it has and wherever they run. */
export function routeLabels(route: RoutePlan | undefined): { readonly [label: string]: string } {
  if (route === undefined) return {};
  const { name, host, path, port, entryPoint, tls, resolver } = route;
  const router = `traefik.http.routers.${name}`;
  const below = path === undefined ? "" : ` && PathPrefix(\`${path}\`)`;
  return {
    "traefik.enable": "true",
    [`${router}.rule`]: `Host(\`${host}\`)${below}`,
    [`${router}.entrypoints`]: entryPoint,
    ...(tls ? { [`${router}.tls`]: "true" } : {}),
    ...(resolver === undefined ? {} : { [`${router}.tls.certresolver`]: resolver }),
    ...(port === undefined
      ? {}
      : { [`traefik.http.services.${name}.loadbalancer.server.port`]: `${port}` }),
  };
}

/** Whether a service is Traefik, which follows the routes of a swarm. */
export function isTraefik({
  image,
  command = [],
}: Pick<ServicePlan, "image" | "command">): boolean {
  const name = image.kind === "built" ? image.build : image.reference;
  return /traefik/i.test(name) || command.some((word) => /^--providers\.swarm\b/i.test(word));
}

/** The port on which Traefik listens for an entry point: that of its command, or the usual one. */
export function entryPointPort(
  { command = [] }: Pick<ServicePlan, "command">,
  { entryPoint, tls }: Pick<RoutePlan, "entryPoint" | "tls">,
): number {
  const start = `--entrypoints.${entryPoint}.address=`.toLowerCase();
  const [stated] = command.flatMap((word) => {
    if (!word.toLowerCase().startsWith(start)) return [];
    return /:(\d+)(\/tcp)?$/i.exec(word)?.[1] ?? [];
  });
  return stated === undefined ? (tls ? 443 : 80) : Number(stated);
}

/** Real names of the networks that a service joins. */
export function networksOf({ networks }: Pick<ServicePlan, "networks">): readonly string[] {
  return Object.values(networks).map(({ name }) => name);
}
