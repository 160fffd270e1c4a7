import type { RoutePlan, ServicePlan } from "../../../model/platform/plan";
import { describe, type Keys, type Problem } from "../../../model/problem";
import { type Draft, platformProblem } from "../../platforms/platforms";
import { isTraefik, networksOf, routeOf } from "../../platforms/routes";
import type { Check } from "../flight";

interface Routed {
  readonly draft: Draft;
  readonly service: string;
  readonly spec: ServicePlan;
  readonly route: RoutePlan;
  readonly keys: Keys;
}

function routesIn(drafts: readonly Draft[]): readonly Routed[] {
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]) => {
      const written = draft.spec.services[service];
      const route = written === undefined ? undefined : routeOf(written, spec.name);
      const keys = ["services", service, "route"];
      return route === undefined ? [] : [{ draft, service, spec, route, keys }];
    }),
  );
}

/** Routes that lead to no port, and two that Traefik could not tell apart. */
export const checkRoutes: Check = ({ drafts }) => {
  const all = routesIn(drafts);
  return all.flatMap((one, index) => [
    ...withoutPort(one),
    ...all.slice(0, index).flatMap((other) => alike(one, other)),
  ]);
};

function withoutPort({ draft, service, spec, route, keys }: Routed): readonly Problem[] {
  if (route.port !== undefined) return [];
  const ports = (spec.ports ?? []).map(({ target }) => target);
  const has = ports.length === 0 ? "publishes no port" : `has the ports ${ports.join(", ")}`;
  const found = `a route to service ${service} without a port; the service ${has}`;
  const allowed = "the port on which the service listens";
  const fix = `\`route: { host: ${route.host}, port: ${ports[0] ?? 8000} }\``;
  return [platformProblem(draft, keys, { found, allowed, fix })];
}

function alike(one: Routed, other: Routed): readonly Problem[] {
  const owner = `service ${other.service} of platform ${other.draft.name}`;
  const wrong = (found: string, fix: string) => {
    const allowed = "something that no other route has";
    return [platformProblem(one.draft, one.keys, { found, allowed, fix })];
  };
  const [{ route: here }, { route: there }] = [one, other];
  if (here.name === there.name) {
    return wrong(
      `the name ${describe(here.name)}, which the route of ${owner} has already`,
      "another `name`",
    );
  }
  const address = ({ host, path = "", entryPoint }: RoutePlan) =>
    `${host.toLowerCase()}${path} on ${entryPoint}`;
  if (address(here) !== address(there)) return [];
  return wrong(
    `${here.host}${here.path ?? ""}, which leads to ${owner} already`,
    "another host or `path`",
  );
}

/** Routes that no Traefik of the environment can follow. */
export const warnRoutes: Check = ({ drafts }) => {
  const proxies = drafts.flatMap(({ plan }) => Object.values(plan.services).filter(isTraefik));
  const reached = new Set(proxies.flatMap(networksOf));
  return routesIn(drafts).flatMap(({ draft, service, spec, keys }) => {
    if (networksOf(spec).some((name) => reached.has(name))) return [];
    const none = proxies.length === 0;
    const found = none
      ? `a route to service ${service}, and no service of Traefik in this environment`
      : `a route to service ${service}, which joins no network of Traefik`;
    const allowed = "a network that the service and Traefik join";
    const join = [...reached][0] ?? "main_network";
    const fix = none
      ? "`traefik: {}` and `main-network: {}` in swarmyard:platforms, and the network main_network for the service"
      : `a network with \`external: true, name: ${join}\`, and the service in it`;
    return [platformProblem(draft, keys, { found, allowed, fix })];
  });
};
