import { resolve } from "node:path";
import type { LocalEngine } from "../model/local-engines";
import { isMap, type PlainMap } from "../model/merge";
import { nearest } from "../model/nearest";
import { sameValue } from "../model/paths";
import { fileProblem, type Keys, type Problem } from "../model/problem";
import { withoutEchoes } from "./echoes";
import { localPlaces } from "./environment/addresses";
import { completeAws, type OnAws, writtenHosts } from "./environment/aws-defaults";
import { defaults, localDefaults, shareDefaults, swarmDefaults } from "./environment/defaults";
import type { Environment } from "./environment/environment";
import { completeGroups, listHosts } from "./environment/naming";
import { withNodeAddresses } from "./environment/node-addresses";
import { registryDefaults } from "./environment/registries";
import type { SshMachineSettings } from "./environment/ssh";
import { withAliases } from "./environment/ssh-aliases";
import { completeMachines } from "./environment/ssh-defaults";
import { overBase } from "./file/base";
import { type Draft, type FindPlatform, readPlatforms } from "./platforms/platforms";
import { preflight } from "./preflight";
import type { Flight, World } from "./preflight/flight";
import { inHome } from "./preflight/machines/ssh";
import { namedConfig } from "./preflight/sources";
import { readLeniently } from "./schema/explain";
import { awsGroupKeys, type FileSettings, fileSchema, groupKeys } from "./schema/file";
import { problemAsWritten, type Renamed } from "./schema/renamed";

/** What an environment file says, or everything that is wrong with it. */
export interface Reading {
  /** Undefined when there are problems. */
  readonly environment?: Environment;
  /** What must be fixed first. */
  readonly problems: readonly Problem[];
  /** What works but is probably not intended. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads the values of an environment file (keyed without `swarmyard:`, without secrets), fills in
 * defaults and checks everything at once.
 *
 * @param name name of the Pulumi stack
 * @param platforms gives what is in a folder in platforms/
 * @param world what can be seen of files and secrets. @default files and secrets are not checked
 */
export function readEnvironment(
  name: string,
  values: Readonly<Record<string, unknown>>,
  platforms: FindPlatform,
  world: World = {},
): Reading {
  const based = overBase(values);
  const file = readLeniently(fileSchema, based.values, withoutEmpty);
  const stated = file.findings.map((finding) => fileProblem(finding.keys, finding));
  const { settings, problems: unknown } = aliased(name, file.value, world);
  const environment = complete(name, settings, world.kept);
  const { share, swarm } = environment;
  const { drafts, ...read } = readPlatforms({
    environment: name,
    stated: withSource(settings.platforms ?? {}, stated),
    find: platforms,
    folders: world.platformFolders ?? [],
    // Without a share, preflight rejects what would be on it.
    defaults: { ...swarm, sharePath: share.kind === "none" ? defaults.sharePath : share.path },
    ...standIns(settings, world),
  });
  const checked = preflight({
    environment,
    drafts,
    settings,
    plainKeys: Object.keys(based.values),
    known: hostsKnown(stated, file.renamed),
    world,
  });
  const written = (problem: Problem) => problemAsWritten(problem, file.renamed);
  const problems = withoutEchoes([
    ...based.problems,
    ...stated.filter((problem) => !isPlainSecret(problem, drafts)),
    ...unknown,
    ...read.problems,
    ...checked.problems,
  ]).map(written);
  const result = { problems, warnings: [...read.warnings, ...checked.warnings].map(written) };
  if (problems.length > 0) return result;
  const finished = drafts.map(({ name, from, plan }) => ({ name, from, plan }));
  return { environment: { ...environment, platforms: finished }, ...result };
}

/** What is written, with what OpenSSH knows of existing machines. */
function aliased(name: string, written: FileSettings | undefined, { findAlias, exists }: World) {
  const settings = written ?? { hosts: { groups: {} } };
  if (findAlias === undefined) return { settings, problems: [] };
  const isThere = exists === undefined ? undefined : (path: string) => exists(inHome(path));
  return withAliases(name, settings, findAlias, isThere);
}

/** Platforms without those that cannot be found, as what says where they are is wrong. */
function withSource(
  platforms: NonNullable<FileSettings["platforms"]>,
  problems: readonly Problem[],
): NonNullable<FileSettings["platforms"]> {
  const wrong = problems.flatMap(({ keys = [] }) =>
    keys[0] === "platforms" && isSource(keys.slice(2)) ? [keys[1]] : [],
  );
  return Object.fromEntries(Object.entries(platforms).filter(([key]) => !wrong.includes(key)));
}

function isSource([key, ...below]: Keys): boolean {
  return key === "source" || (below.length === 0 && (key === "compose" || key === "from"));
}

/** What takes the place of real images; what is missing is left out, and preflight reports it. */
function standIns(settings: FileSettings, { standIns, folder = "", exists }: World) {
  if (standIns !== true) return {};
  const rows = Object.entries(settings.standIns ?? {}).filter(
    ([, { context }]) => exists?.(resolve(folder, context)) ?? true,
  );
  return { standIns: { rows: Object.fromEntries(rows), folder } };
}

function complete(name: string, settings: FileSettings, kept: World["kept"]): Environment {
  const prefix = settings.prefix ?? defaults.prefix;
  const groups = completeGroups(name, prefix, settings.hosts);
  const onAws = aws(settings, groups);
  const here = Object.values(groups).flatMap(({ kind, hosts }) => (kind === "local" ? hosts : []));
  const local = here.length === 0 ? undefined : localDefaults(name, settings.hosts.local, kept);
  const places = {
    engines: enginesOf(settings.hosts, local?.engine),
    local: local === undefined ? new Map() : localPlaces(local, here),
    aws: onAws?.hosts ?? new Map(),
    ssh: machines(settings, groups),
  };
  const hosts = withNodeAddresses(listHosts(groups, places), settings);
  const kinds = hosts.map((host) => host.kind);
  return {
    name,
    prefix,
    groups,
    hosts,
    ...(local === undefined ? {} : { local }),
    ...(onAws === undefined ? {} : { aws: onAws.settings }),
    share: shareDefaults(settings.share, hosts),
    registry: registryDefaults(settings.registry, kinds),
    registries: settings.registries ?? {},
    swarm: swarmDefaults(settings.swarm, hosts),
    ...(settings.timeToLive === undefined ? {} : { timeToLive: settings.timeToLive }),
    ...(settings.protected === true ? { protected: true } : {}),
    platforms: [],
  };
}

/** Docker engine of each group that states one, or has the one of all local hosts. */
function enginesOf(
  { groups }: FileSettings["hosts"],
  standard: LocalEngine = defaults.engine,
): { readonly [group: string]: LocalEngine } {
  return Object.fromEntries(
    Object.entries(groups).map(([name, { engine }]) => [name, engine ?? standard]),
  );
}

/** Settings for hosts on AWS; undefined when there are none. */
function aws(settings: FileSettings, groups: Environment["groups"]): OnAws | undefined {
  const written = Object.entries(groups).flatMap(([name, { kind, hosts }]) => {
    const group = settings.hosts.groups[name];
    if (kind !== "aws" || group === undefined) return [];
    return writtenHosts(group, hosts);
  });
  return written.length === 0 ? undefined : completeAws(settings.aws, written);
}

/** Settings of existing machines, by the names of their nodes. */
function machines(
  settings: FileSettings,
  groups: Environment["groups"],
): ReadonlyMap<string, SshMachineSettings> {
  const groupsOfMachines = Object.entries(groups).flatMap(([name, { kind }]) => {
    const group = settings.hosts.groups[name];
    return kind === "ssh" && group !== undefined ? [group] : [];
  });
  return new Map(groupsOfMachines.flatMap((group) => [...completeMachines(group)]));
}

/** `demo:` without a value is null in YAML, and means a group or platform with defaults only. */
function withoutEmpty(values: unknown): PlainMap {
  const filled = isMap(values) ? { ...values } : {};
  for (const [key, value] of Object.entries(filled)) if (value === null) delete filled[key];
  if (isMap(filled.platforms)) filled.platforms = nullsAsMaps(filled.platforms);
  if (isMap(filled.hosts) && isMap(filled.hosts.groups)) {
    filled.hosts = { ...filled.hosts, groups: nullsAsMaps(filled.hosts.groups) };
  }
  return filled;
}

function nullsAsMaps(map: PlainMap): PlainMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? {}]));
}

/** What could be read of the hosts although something in the file is wrong. */
function hostsKnown(problems: readonly Problem[], renamed: readonly Renamed[]): Flight["known"] {
  const parts = problems.flatMap(({ keys = [] }) => {
    const [section, , , field] = keys;
    if (section !== "hosts" || keys[1] === "local") return [];
    if (renamed.some(({ written }) => sameValue(written, keys))) return [];
    const meant = nearest(String(field ?? ""), groupKeys) ?? "";
    return ofMachines.includes(meant) ? [] : [meant];
  });
  return { labels: parts.every((part) => part === "count"), counts: parts.length === 0 };
}

/** Keys of a group that say nothing of roles, labels and counts. */
const ofMachines: readonly string[] = [...awsGroupKeys, "engine"];

/** An unknown key that a platform uses as a secret; preflight reports that it must be encrypted. */
function isPlainSecret({ keys }: Problem, drafts: readonly Draft[]): boolean {
  if (keys?.length !== 1) return false;
  return drafts.some((draft) => namedConfig(draft).some(({ config }) => config === keys[0]));
}
