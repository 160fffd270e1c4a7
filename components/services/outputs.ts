import type { Environment, PlatformSettings } from "../config/environment";
import { realName } from "../platform/names";

/** Facts of a node that a person wants to see. */
export interface NodeSummary {
  readonly group: string;
  readonly role: string;
  readonly labels: { readonly [key: string]: string };
}

/** Nodes by name, for the stack's outputs. */
export function nodeSummaries(environment: Environment): { [name: string]: NodeSummary } {
  return Object.fromEntries(
    environment.hosts.map(({ name, group, role, labels }) => [name, { group, role, labels }]),
  );
}

/** Real names of services by platform, for the stack's outputs. */
export function serviceNames(environment: Environment): { [platform: string]: string[] } {
  return Object.fromEntries(
    environment.platforms.map(({ name, spec }) => [
      name,
      Object.keys(spec.services).map((key) => realName(name, key)),
    ]),
  );
}

/** Ports that platforms publish on the nodes. */
export function publishedPorts(
  environment: Environment,
): { platform: string; published: number; protocol: "tcp" | "udp" | "sctp" }[] {
  return environment.platforms.flatMap(({ name: platform, spec }) =>
    Object.values(spec.services).flatMap((service) =>
      (service.ports ?? []).flatMap(({ published, protocol }) =>
        published === undefined ? [] : [{ platform, published, protocol: protocol ?? "tcp" }],
      ),
    ),
  );
}

/**
 * Address of each published TCP port, by service and target port: `demo_web:80`.
 *
 * @param address Where a published port can be reached from here: host and port.
 */
export function urls(
  environment: Environment,
  address: (published: number) => string,
): { [service: string]: string } {
  return Object.fromEntries(
    environment.platforms.flatMap(({ name, spec }) =>
      Object.entries(spec.services).flatMap(([key, service]) =>
        (service.ports ?? []).flatMap(({ published, target, protocol }) =>
          published === undefined || (protocol ?? "tcp") !== "tcp"
            ? []
            : [[`${realName(name, key)}:${target}`, `http://${address(published)}/`] as const],
        ),
      ),
    ),
  );
}

/** Address that `up` prints last: of the first platform that has one to open. */
export function openUrl(
  environment: Environment,
  all: { readonly [service: string]: string },
): string | undefined {
  const found = environment.platforms
    .map((platform) => platformUrl(platform, all))
    .find((url) => url !== undefined);
  return found;
}

function platformUrl(
  { name, spec }: PlatformSettings,
  all: { readonly [service: string]: string },
): string | undefined {
  if (spec.open === undefined) return undefined;
  const url = all[`${realName(name, spec.open.service)}:${spec.open.target}`];
  return url === undefined ? undefined : `${url}${(spec.open.path ?? "").replace(/^\/+/, "")}`;
}
