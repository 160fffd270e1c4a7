import type { RouteSpec, ServiceSpec } from "../../model/platform/service-spec";

type Routed = Pick<ServiceSpec, "route" | "ports">;

/** A route with every default but the port, which may be unknown. */
export interface RoutePlan {
  /** Of the router and the service in Traefik; unique on the swarm. */
  readonly name: string;
  readonly host: string;
  readonly path?: string;
  readonly port?: number;
  readonly entryPoint: string;
  readonly tls: boolean;
  readonly resolver?: string;
}

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
