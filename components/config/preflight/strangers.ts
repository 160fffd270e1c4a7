import { resolve } from "node:path";
import { has } from "../../model/merge";
import { isContextFolder } from "../../model/platform/build";
import { type Keys, type Problem, pathText } from "../../model/problem";
import { type Draft, platformProblem } from "../platforms/platforms";

/** A file or folder that a platform names. */
export interface NamedFile {
  readonly keys: Keys;
  readonly path: string;
  readonly what: string;
}

/** A key of Pulumi config that a platform names, and where. */
export interface NamedConfig {
  readonly keys: Keys;
  readonly config: string;
}

/** What a platform names that is not in its own files. */
interface Named {
  readonly files: readonly NamedFile[];
  readonly configs: readonly NamedConfig[];
}

/**
 * What a repository takes of this machine and of the environment. Somebody else wrote its compose files, so they get a secret,
 * an SSH agent, a local cache or further rights of a build only where the environment file says so itself, and no file outside of it. Pure but for links.
 */
export function strangers(draft: Draft, { files, configs }: Named): readonly Problem[] {
  if (draft.leadsOut === undefined) return [];
  const secrets = configs.map((one) => secretOf(draft, one));
  return [
    ...led(draft, [...files, ...contextsOf(draft)]),
    ...[...secrets, ...ofMachine(draft)].flatMap(({ keys, found, fix }) => {
      if (has(draft.changes, keys)) return [];
      const allowed = "what the environment file gives the platform itself";
      return [platformProblem(draft, keys, { found, allowed, fix })];
    }),
  ];
}

function led(
  { leadsOut = () => false, ...draft }: Draft,
  files: readonly NamedFile[],
): readonly Problem[] {
  return files.flatMap(({ keys, path, what }) => {
    if (!leadsOut(resolve(draft.plan.folder, path))) return [];
    const found = `"${path}", where a link leads out of the repository`;
    const allowed = `${what} of the repository, or a path outside of it that you write yourself`;
    return [platformProblem(draft, keys, { found, allowed, fix: "another path" })];
  });
}

/** Those of compose files were looked at when they were read. */
function contextsOf({ plan, changes }: Draft): readonly NamedFile[] {
  return Object.entries(plan.images).flatMap(([image, { context, contexts = {} }]) => {
    const folders = Object.entries(contexts).filter(([, place]) => isContextFolder(place));
    const all: readonly (readonly [Keys, string])[] = [
      [["images", image, "context"], context],
      ...folders.map(([name, place]) => [["images", image, "contexts", name], place] as const),
    ];
    return all.flatMap(([keys, path]) =>
      has(changes, keys) ? [{ keys, path, what: "a folder" }] : [],
    );
  });
}

interface Taken {
  readonly keys: Keys;
  readonly found: string;
  readonly fix: string;
}

function secretOf({ name }: Draft, { keys, config }: NamedConfig): Taken {
  const found = `the secret ${config} of the environment, for compose files of a repository`;
  const place = pathText(["platforms", name, ...keys.slice(0, -1)]);
  return { keys, found, fix: `say that it may have it: \`config: ${config}\` at ${place}` };
}

function ofMachine({ plan, name }: Draft): readonly Taken[] {
  return Object.entries(plan.images).flatMap(([image, build]) =>
    (["ssh", "entitlements", "cacheFrom", "cacheTo"] as const).flatMap((field) => {
      const isCache = field === "cacheFrom" || field === "cacheTo";
      const words = (build[field] ?? []).filter((word) => !isCache || LOCAL.test(word));
      if (words.length === 0) return [];
      const what =
        field === "entitlements"
          ? "rights on this machine"
          : "a key, an agent or a folder of this machine";
      const found = `${words.join(", ")}, ${what}, for compose files of a repository`;
      const fix = `the same \`${field}\` at ${pathText(["platforms", name, "images", image])}`;
      return [{ keys: ["images", image, field], found, fix }];
    }),
  );
}

/** A cache that is a folder of this machine. */
const LOCAL = /(?:^|,)\s*"?(?:type=local|src=|dest=)/i;
