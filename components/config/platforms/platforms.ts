import { has, idleRemovals, isMap, mergeDeep, type PlainMap, valueAt } from "../../model/merge";
import { listed, nearest } from "../../model/nearest";
import type { PlatformSource } from "../../model/platform/source";
import type { PlatformSpec } from "../../model/platform/spec";
import {
  type About,
  filePath,
  fileProblem,
  type Keys,
  type Problem,
  pathText,
} from "../../model/problem";
import type { PlatformSettings } from "../environment/environment";
import { type StandIns, withStandIns } from "../environment/stand-ins";
import { type Finding, readLeniently } from "../schema/explain";
import type { FileSettings } from "../schema/file";
import { platformSchema } from "../schema/platform";
import { asWritten, type Renamed } from "../schema/renamed";
import { type PlanDefaults, planPlatforms } from "./plan";
import { type PresentSpec, presentIn } from "./present";

/** Where a platform was written. */
export interface Place extends Pick<PlatformSource, "lineOf" | "wording" | "leadsOut"> {
  /** Key in the environment file. */
  readonly name: string;
  /** Folder in platforms/. */
  readonly from: string;
  /** Changes that the environment file makes. */
  readonly changes: PlainMap;
  /** Parts of the platform that are read under another name than the one that is written. @default none */
  readonly renamed?: readonly Renamed[];
}

/** A platform as it was written. */
interface WrittenPlatform extends Place {
  /** Everything, including the wrong parts that are left out of `spec`. */
  readonly written: PlainMap;
  readonly spec: PlatformSpec;
}

/** A platform while it is checked: what it came from, for pointing at the right place, and its plan. */
export interface Draft extends PlatformSettings, Omit<WrittenPlatform, "spec"> {
  readonly spec: PresentSpec;
}

/** What an environment file says about where a platform comes from. */
export interface Wanted extends Pick<StatedPlatform, ComposeKey> {
  readonly name: string;
  readonly from: string;
}

/** Gives the platform that is wanted, or undefined when there is no such folder. */
export type FindPlatform = (wanted: Wanted) => PlatformSource | undefined;

type ComposeKey =
  | "source"
  | "compose"
  | "variables"
  | "envFiles"
  | "profiles"
  | "lenient"
  | "variablesInKeys";

type StatedPlatform = NonNullable<FileSettings["platforms"]>[string];

/**
 * A problem with a value of a platform: in the environment file when the value is set there, otherwise where the
 * platform comes from, and in the words of that source.
 */
export function platformProblem(
  { name, from, changes, lineOf, wording, renamed = [] }: Place,
  meant: Keys,
  about: About,
): Problem {
  const keys = asWritten(meant, renamed);
  const inFile = keys.length > 0 && has(changes, keys);
  if (inFile) return fileProblem(["platforms", name, ...keys], about);
  const { found, allowed, fix } = wording?.about(keys, about) ?? about;
  const as = name === from ? "" : ` (as ${name})`;
  const line = lineOf(keys);
  return {
    path: `platforms/${from}${as}: ${pathText(wording?.keys(keys) ?? keys)}`,
    found,
    allowed,
    fix,
    echo: "read",
    ...(line === undefined ? {} : { line }),
  };
}

/** What an environment says about its platforms, and where they are found. */
export interface PlatformsRequest {
  readonly environment: string;
  readonly stated: NonNullable<FileSettings["platforms"]>;
  readonly find: FindPlatform;
  /** Names of the folders in platforms/, for suggestions. */
  readonly folders: readonly string[];
  readonly defaults: PlanDefaults;
  /** Small images that take the place of real ones. @default none */
  readonly standIns?: StandIns;
}

/** The platforms that could be read, and what is wrong with them. */
export interface PlatformsRead {
  readonly drafts: readonly Draft[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads and plans the platforms of an environment file; wrong parts are reported and left out. */
export function readPlatforms(request: PlatformsRequest): PlatformsRead {
  const results = Object.entries(request.stated).map(([name, stated]) => {
    const { wanted, changes } = sorted(name, stated);
    const { from } = wanted;
    const source = request.find(wanted);
    if (source !== undefined) return readPlatform(placeOf(name, from, changes, source), source);
    return withoutFolder(wanted, changes, request);
  });
  const platforms = results.flatMap(({ platform }) =>
    platform === undefined ? [] : [{ ...platform, spec: present(platform.spec, request) }],
  );
  return {
    drafts: planPlatforms(platforms, request.defaults),
    problems: results.flatMap(({ problems }) => problems),
    warnings: results.flatMap(({ warnings = [] }) => warnings),
  };
}

function present(spec: PlatformSpec, { environment, standIns }: PlatformsRequest): PresentSpec {
  const here = presentIn(environment, spec);
  return standIns === undefined ? here : withStandIns(here, standIns);
}

/** Tells where a platform comes from apart from what the environment changes in it. */
function sorted(name: string, stated: StatedPlatform): { wanted: Wanted; changes: PlainMap } {
  const { from = name, source, compose, variables, envFiles, profiles, ...rest } = stated;
  const { lenient, variablesInKeys, ...changes } = rest;
  const files = { source, compose, variables, envFiles, profiles, lenient, variablesInKeys };
  return { wanted: { name, from, ...files }, changes };
}

interface PlatformRead {
  readonly platform?: WrittenPlatform;
  readonly problems: readonly Problem[];
  readonly warnings?: readonly Problem[];
}

function readPlatform(
  place: Place,
  { spec: base, problems, warnings }: PlatformSource,
): PlatformRead {
  if (base === undefined) return { problems, warnings };
  const merged = mergeDeep(base, place.changes);
  const written = isMap(merged) ? merged : {};
  const { value: spec, findings, renamed } = readLeniently(platformSchema, written);
  const read = { ...place, renamed };
  const found = findings.map(
    (finding) => addedService(read, base, finding) ?? platformProblem(read, finding.keys, finding),
  );
  return {
    problems: [...problems, ...removalProblems(place, base), ...found],
    warnings,
    ...(spec === undefined ? {} : { platform: { ...read, written, spec } }),
  };
}

function placeOf(name: string, from: string, changes: PlainMap, source: PlatformSource): Place {
  const { lineOf, wording, leadsOut } = source;
  return {
    name,
    from,
    changes,
    lineOf,
    ...(wording === undefined ? {} : { wording }),
    ...(leadsOut === undefined ? {} : { leadsOut }),
  };
}

/** A platform whose folder does not exist is read as the one that was probably meant, unless that runs here too. */
function withoutFolder(wanted: Wanted, changes: PlainMap, request: PlatformsRequest): PlatformRead {
  const { name, from } = wanted;
  const missing = noFolder(name, from, request.folders);
  const near = nearest(from, request.folders);
  const source = near === undefined ? undefined : request.find({ ...wanted, from: near });
  if (near === undefined || source === undefined) return { problems: [missing] };
  const read = readPlatform(placeOf(name, near, changes, source), source);
  const isHere = Object.entries(request.stated).some(([key, { from: one = key }]) => one === near);
  if (!isHere) return { ...read, problems: [missing, ...read.problems] };
  return { problems: [missing, ...read.problems.filter(({ keys }) => keys !== undefined)] };
}

function noFolder(name: string, from: string, folders: readonly string[]): Problem {
  const near = nearest(from, folders);
  return {
    path: filePath(["platforms", name, "from"]),
    keys: ["platforms", name],
    found: `no folder platforms/${from} with an index.ts or a compose.yaml`,
    allowed: folders.length === 0 ? "a folder in platforms/" : listed(folders),
    fix:
      near === undefined
        ? "`from: <folder in platforms/>`, or `compose: [<file>]`"
        : `did you mean \`${near}\`?`,
  };
}

function removalProblems(place: Place, base: object): readonly Problem[] {
  return idleRemovals(base, place.changes).map((keys) => {
    const siblings = keysAt(base, keys.slice(0, -1));
    const near = nearest(String(keys.at(-1)), siblings);
    return platformProblem(place, keys, {
      found: "null, which removes a key that the platform does not have",
      allowed: listed(siblings),
      fix: near === undefined ? `remove \`${keys.at(-1)}\`` : `did you mean \`${near}\`?`,
    });
  });
}

/** A service without an image that only the environment file names is most likely misspelled. */
function addedService(place: Place, base: object, finding: Finding): Problem | undefined {
  const [section, service, field] = finding.keys;
  if (section !== "services" || field !== "image" || finding.echo !== "missing") return undefined;
  const known = keysAt(base, ["services"]);
  if (service === undefined || known.includes(String(service))) return undefined;
  const near = nearest(String(service), known);
  return platformProblem(place, finding.keys.slice(0, 2), {
    found: `a service that platforms/${place.from} does not have, without an image`,
    allowed: `${listed(known)}, or a new service with an \`image\``,
    fix: near === undefined ? "`image: <image>`" : `did you mean \`${near}\`?`,
  });
}

function keysAt(base: object, keys: Keys): readonly string[] {
  const map = valueAt(base, keys);
  return isMap(map) ? Object.keys(map) : [];
}
