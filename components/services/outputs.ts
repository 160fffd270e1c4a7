import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { entryPointPort, isTraefik, networksOf } from "../config/platforms/routes";
import type { MachineFacts } from "../engine/machine/facts";
import type { Host } from "../hosts/host";
import { readableBytes } from "../model/placement/room";
import type { OpenPlan, RoutePlan, ServicePlan } from "../model/platform/plan";
import { publishedAddress } from "./addresses";

/** Facts about a node for people. */
export interface NodeSummary {
  readonly group: string;
  readonly role: string;
  readonly labels: { readonly [key: string]: string };
  /** Of an existing machine. */
  readonly machine?: MachineSummary;
}

/** What an existing machine is, for people. */
export interface MachineSummary {
  readonly system: string;
  readonly architecture: string;
  readonly cores: number;
  readonly memory: string;
  /** Where its Docker engine keeps its data. */
  readonly disk: string;
  readonly addresses: readonly string[];
  readonly gpus: readonly string[];
}

/** Nodes by name, for the stack's outputs. */
export function nodeSummaries(hosts: readonly Host[]): { [name: string]: NodeSummary } {
  return Object.fromEntries(
    hosts.map(({ name, settings: { group, role, labels }, facts }) => {
      const machine = facts === undefined ? {} : { machine: machineSummary(facts) };
      return [name, { group, role, labels, ...machine }];
    }),
  );
}

function machineSummary(facts: MachineFacts): MachineSummary {
  const { os, architecture, cpus, memory, disk, interfaces, gpus } = facts;
  return {
    system: os.name,
    architecture,
    cores: cpus,
    memory: readableBytes(memory),
    disk: readableBytes(disk),
    addresses: interfaces.map(({ name, address }) => `${name} ${address}`),
    gpus,
  };
}

/** Real names of services by platform, for the stack's outputs. */
export function serviceNames(environment: Environment): { [platform: string]: string[] } {
  return Object.fromEntries(
    environment.platforms.map(({ name, plan }) => [
      name,
      Object.values(plan.services).map((service) => service.name),
    ]),
  );
}

/** Addresses of published ports, by service and target port: `demo_web:80`. */
export type Urls = { readonly [service: string]: pulumi.Output<string> };

/**
 * Address of each published TCP port from here; the one that a platform opens includes its path.
 */
export function urls(environment: Environment, hosts: readonly Host[]): Urls {
  return Object.fromEntries(
    environment.platforms.flatMap(({ plan }) =>
      Object.entries(plan.services).flatMap(([key, service]) =>
        (service.ports ?? []).flatMap(({ published, target, protocol, mode }) => {
          if (published === undefined || (protocol ?? "tcp") !== "tcp") return [];
          const address = publishedAddress(environment, hosts, service, { published, mode });
          const { open } = plan;
          const opened = open?.service === key && "target" in open && open.target === target;
          const path = opened ? (open.path ?? "").replace(/^\/+/, "") : "";
          return [[`${service.name}:${target}`, pulumi.interpolate`http://${address}/${path}`]];
        }),
      ),
    ),
  );
}

/** What only `npm run up` needs: ports that need not answer, the age of images to remove, where names must lead. */
export function forUp(
  environment: Environment,
  all: Urls,
): {
  readonly quiet?: readonly string[];
  readonly pruneImages?: string;
  readonly resolveTo?: Urls;
} {
  const quiet = quietUrls(environment);
  const { pruneImages } = environment.swarm;
  return {
    ...(quiet.length === 0 ? {} : { quiet }),
    ...(pruneImages === undefined ? {} : { pruneImages }),
    ...mustResolve(environment, all),
  };
}

/** Keys of {@link urls} of ports that need not answer. */
function quietUrls(environment: Environment): readonly string[] {
  return environment.platforms.flatMap(({ plan }) => {
    const quiet = plan.rollout?.quietPorts ?? [];
    return Object.values(plan.services).flatMap(({ name, ports = [] }) =>
      ports.flatMap(({ published, target }) =>
        published !== undefined && quiet.includes(published) ? [`${name}:${target}`] : [],
      ),
    );
  });
}

/** Addresses that `up` prints last: the page of each platform that has one to open. */
export function pages(environment: Environment, all: Urls): Urls {
  return Object.fromEntries(
    environment.platforms.flatMap(({ name, plan: { open, services } }) => {
      if (open === undefined) return [];
      if ("route" in open) {
        const at = traefikFor(environment, services[open.service], open.route, all);
        const page = at?.apply((url) => pageBehind(open, url));
        return [[name, page ?? pulumi.output(pageBehind(open, undefined))]];
      }
      const url = all[`${services[open.service]?.name}:${open.target}`];
      return url === undefined ? [] : [[name, url]];
    }),
  );
}

/** Of pages that Traefik passes on: the address that their name must resolve to, by platform; left out without any. */
function mustResolve(environment: Environment, all: Urls): { readonly resolveTo?: Urls } {
  const behind = environment.platforms.flatMap(({ name, plan: { open, services } }) => {
    if (open === undefined || !("route" in open)) return [];
    const at = traefikFor(environment, services[open.service], open.route, all);
    return at === undefined ? [] : [[name, at.apply((url) => new URL(url).hostname)] as const];
  });
  return behind.length === 0 ? {} : { resolveTo: Object.fromEntries(behind) };
}

/** Address at which Traefik takes the requests of a route; undefined where none of the environment does. */
function traefikFor(
  environment: Environment,
  service: ServicePlan | undefined,
  route: RoutePlan,
  all: Urls,
): pulumi.Output<string> | undefined {
  const joined = service === undefined ? [] : networksOf(service);
  const every = environment.platforms.flatMap(({ plan }) => Object.values(plan.services));
  const proxies = every.filter(
    (one) => isTraefik(one) && networksOf(one).some((name) => joined.includes(name)),
  );
  return proxies.flatMap((one) => all[`${one.name}:${entryPointPort(one, route)}`] ?? [])[0];
}

/**
 * The address of a page that Traefik passes on. Pure.
 *
 * @param at Where Traefik answers. @default unknown: at the usual port
 */
export function pageBehind(
  { route: { host, tls, path: below = "/" }, path = below }: Routed,
  at: string | undefined,
): string {
  const [scheme, usual] = tls ? ["https", "443"] : ["http", "80"];
  const port = at === undefined ? usual : new URL(at).port || "80";
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}/${path.replace(/^\/+/, "")}`;
}

type Routed = Extract<OpenPlan, { readonly route: RoutePlan }>;
