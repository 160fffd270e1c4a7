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

/**
 * What a repository takes of this machine and of the environment. Somebody else wrote its compose files, so they get a secret,
 * an SSH agent or a local cache only where the environment file says so itself, and no file outside of it. Pure but for links.
 */
export function strangers(draft: Draft, named: readonly NamedFile[]): readonly Problem[] {
  if (draft.leadsOut === undefined) return [];
  return [
    ...led(draft, [...named, ...contextsOf(draft)]),
    ...taken(draft).flatMap(({ keys, found, fix }) => {
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

function taken({ plan, name }: Draft): readonly Taken[] {
  const secret = (keys: Keys, key: string): Taken => ({
    keys,
    found: `the secret ${key} of the environment, for compose files of a repository`,
    fix: `say that it may have it: \`config: ${key}\` at ${pathText(["platforms", name, ...keys.slice(0, -1)])}`,
  });
  const secrets = Object.entries(plan.secrets).flatMap(([key, one]) =>
    one.kind === "config" ? [secret(["secrets", key, "config"], one.config)] : [],
  );
  const ofBuilds = Object.entries(plan.images).flatMap(([image, build]) => {
    const own = Object.entries(build.secrets ?? {}).flatMap(([id, { config }]) =>
      config === undefined ? [] : [secret(["images", image, "secrets", id, "config"], config)],
    );
    const listed = (["ssh", "cacheFrom", "cacheTo"] as const).flatMap((field): readonly Taken[] => {
      const words = (build[field] ?? []).filter((word) => field === "ssh" || LOCAL.test(word));
      if (words.length === 0) return [];
      const found = `${words.join(", ")}, a key, an agent or a folder of this machine, for compose files of a repository`;
      const fix = `the same \`${field}\` at ${pathText(["platforms", name, "images", image])}`;
      return [{ keys: ["images", image, field], found, fix }];
    });
    return [...own, ...listed];
  });
  return [...secrets, ...ofBuilds];
}

/** A cache that is a folder of this machine. */
const LOCAL = /(?:^|,)\s*"?(?:type=local|src=|dest=)/i;
