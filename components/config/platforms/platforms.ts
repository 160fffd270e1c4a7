import { takeSubnets } from "../../model/addresses/subnets";
import { has, idleRemovals, mergeDeep, type PlainMap, valueAt } from "../../model/merge";
import { listed, nearest } from "../../model/nearest";
import type { ServiceSpec } from "../../model/platform/service-spec";
import type { NetworkSpec, PlatformSpec } from "../../model/platform/spec";
import { filePath, fileProblem, type Keys, type Problem, pathText } from "../../model/problem";
import type { PlatformSettings } from "../environment/environment";
import { type Finding, readLeniently } from "../schema/explain";
import type { FileSettings } from "../schema/file";
import { platformSchema } from "../schema/platform";
import { presentIn } from "./present";

/** A platform while it is read: what it came from, for pointing at the right place. */
export interface Draft extends PlatformSettings {
  /** Folder in platforms/. */
  readonly from: string;
  /** Changes that the environment file makes. */
  readonly changes: PlainMap;
  /** Everything as it was written, also what was wrong and is left out of `spec`. */
  readonly written: PlainMap;
}

/** Gives the spec of a folder in platforms/, or undefined when there is no such folder. */
export type FindPlatform = (from: string) => PlatformSpec | undefined;

/** A problem with a value of a platform: in the environment file when it stands there, else in the platform's folder. */
export function platformProblem(
  draft: Pick<Draft, "name" | "from" | "changes">,
  keys: Keys,
  { found, allowed, fix }: Omit<Finding, "keys">,
): Problem {
  const inFile = keys.length > 0 && has(draft.changes, keys);
  if (inFile) return fileProblem(["platforms", draft.name, ...keys], { found, allowed, fix });
  const as = draft.name === draft.from ? "" : ` (as ${draft.name})`;
  return { path: `platforms/${draft.from}${as}: ${pathText(keys)}`, found, allowed, fix };
}

/** Reads the platforms of an environment file; wrong parts are reported and left out. */
export function readPlatforms(
  stated: NonNullable<FileSettings["platforms"]>,
  find: FindPlatform,
  folders: readonly string[],
): { readonly drafts: readonly Draft[]; readonly problems: readonly Problem[] } {
  const drafts: Draft[] = [];
  const problems: Problem[] = [];
  for (const [name, { from: folder, ...rest }] of Object.entries(stated)) {
    const from = folder ?? name;
    const changes = Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    );
    const found = findPlatform(name, from, find, folders);
    if ("found" in found) {
      problems.push(found);
      continue;
    }
    const written = mergeDeep(found.base, changes) as PlainMap;
    const { value, findings } = readLeniently(platformSchema, written);
    const place = { name, from, changes };
    problems.push(...removalProblems(place, found.base));
    problems.push(
      ...findings.map(
        (finding) =>
          addedService(place, found.base, finding) ?? platformProblem(place, finding.keys, finding),
      ),
    );
    if (value !== undefined) drafts.push({ ...place, written, spec: value });
  }
  return { drafts, problems };
}

function findPlatform(
  name: string,
  from: string,
  find: FindPlatform,
  folders: readonly string[],
): { readonly base: PlatformSpec } | Problem {
  const keys = ["platforms", name, "from"];
  const near = nearest(from, folders);
  try {
    const base = find(from);
    if (base !== undefined) return { base };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      path: `platforms/${from}/index.ts`,
      found: `an error: ${reason.split("\n")[0]}`,
      allowed: "a file that exports `platform`, a PlatformSpec",
      fix: "mend that file",
    };
  }
  return {
    path: filePath(keys),
    keys: ["platforms", name],
    found: `no folder platforms/${from} whose index.ts exports \`platform\``,
    allowed: folders.length === 0 ? "a folder in platforms/" : listed(folders),
    fix: near === undefined ? "`from: <folder in platforms/>`" : `did you mean \`${near}\`?`,
  };
}

function removalProblems(
  place: Pick<Draft, "name" | "from" | "changes">,
  base: PlatformSpec,
): readonly Problem[] {
  return idleRemovals(base, place.changes).map((keys) => {
    const siblings = Object.keys((valueAt(base, keys.slice(0, -1)) ?? {}) as object);
    const near = nearest(String(keys.at(-1)), siblings);
    return platformProblem(place, keys, {
      found: "null, which removes a key that the platform does not have",
      allowed: listed(siblings),
      fix: near === undefined ? `remove \`${keys.at(-1)}\`` : `did you mean \`${near}\`?`,
    });
  });
}

/** A service that only the environment file names and that has no image is most likely a misspelt one. */
function addedService(
  place: Pick<Draft, "name" | "from" | "changes">,
  base: PlatformSpec,
  finding: Finding,
): Problem | undefined {
  const [section, service, field] = finding.keys;
  if (section !== "services" || field !== "image" || finding.found !== "nothing") return undefined;
  const known = Object.keys(base.services ?? {});
  if (service === undefined || known.includes(String(service))) return undefined;
  const near = nearest(String(service), known);
  return platformProblem(place, finding.keys.slice(0, 2), {
    found: `a service that platforms/${place.from} does not have, without an image`,
    allowed: `${listed(known)}, or a new service with an \`image\``,
    fix: near === undefined ? "`image: <image>`" : `did you mean \`${near}\`?`,
  });
}

/** What swarm makes of services and networks that say nothing. */
export interface PlatformDefaults {
  /** Name of the environment, for services that say `only`. */
  readonly environment: string;
  readonly platformPool: string;
  readonly discovery: "vip" | "dnsrr";
  readonly publish: "ingress" | "host";
}

/**
 * Fills in what platforms leave out: the network `default`, subnets of overlay networks,
 * endpoint mode of services and publish mode of ports.
 */
export function completePlatforms(drafts: readonly Draft[], swarm: PlatformDefaults): Draft[] {
  const completed = drafts.map((draft) => ({
    ...draft,
    spec: completeSpec(presentIn(swarm.environment, draft.spec), swarm),
  }));
  const needy = completed.flatMap(({ name, spec }) =>
    Object.entries(spec.networks ?? {})
      .filter(([, network]) => needsSubnet(network))
      .map(([key]) => `${name}/${key}`),
  );
  const stated = completed.flatMap(({ spec }) =>
    Object.values(spec.networks ?? {}).flatMap(({ subnet }) => subnet ?? []),
  );
  const subnets = takeSubnets(swarm.platformPool, needy, stated);
  return completed.map((draft) => ({ ...draft, spec: withSubnets(draft, subnets) }));
}

function needsSubnet(network: NetworkSpec): boolean {
  const overlay = (network.driver ?? "overlay") === "overlay";
  return overlay && network.external !== true && network.subnet === undefined;
}

function withSubnets(draft: Draft, subnets: ReadonlyMap<string, string>): PlatformSpec {
  if (draft.spec.networks === undefined) return draft.spec;
  const networks = Object.entries(draft.spec.networks).map(([key, network]) => {
    const subnet = network.subnet ?? subnets.get(`${draft.name}/${key}`);
    return [key, subnet === undefined ? network : { ...network, subnet }];
  });
  return { ...draft.spec, networks: Object.fromEntries(networks) };
}

function completeSpec(spec: PlatformSpec, swarm: PlatformDefaults): PlatformSpec {
  const services = Object.entries(spec.services).map(([key, service]): [string, ServiceSpec] => [
    key,
    completeService(service, swarm),
  ]);
  const joinsDefault = services.some(([, service]) =>
    Object.hasOwn(service.networks ?? {}, "default"),
  );
  const networks = joinsDefault ? { default: {}, ...spec.networks } : spec.networks;
  return {
    ...spec,
    services: Object.fromEntries(services),
    ...(networks === undefined ? {} : { networks }),
  };
}

function completeService(service: ServiceSpec, swarm: PlatformDefaults): ServiceSpec {
  const ports = service.ports?.map((port) => ({ ...port, mode: port.mode ?? swarm.publish }));
  return {
    ...service,
    networks: service.networks ?? { default: {} },
    endpointMode: service.endpointMode ?? swarm.discovery,
    ...(ports === undefined ? {} : { ports }),
  };
}
