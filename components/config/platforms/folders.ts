import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type * as Compose from "../../compose/read-compose";
import { isMap } from "../../model/merge";
import type { PlatformSource } from "../../model/platform/source";
import { fileProblem, type Problem } from "../../model/problem";
import { readText } from "../file/read-text";
import { type Failing, indexProblem, loadProblems } from "./load-failure";
import type * as Pinned from "./pinned-source";
import type { PinnedSource } from "./pinned-source";
import type { FindPlatform, Wanted } from "./platforms";
import { buildsOutside, leadsOut, repositoryFiles } from "./repository-files";

/** Files that make a folder in platforms/ a platform without an index.ts, the first one found. */
export const composeNames = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yaml",
  "docker-compose.yml",
];

/** Names of the folders in platforms/ that hold a platform. */
export function platformFolders(root: string): readonly string[] {
  const platforms = join(root, "platforms");
  if (!existsSync(platforms)) return [];
  const files = ["index.ts", ...composeNames];
  return readdirSync(platforms).filter((name) =>
    files.some((file) => existsSync(join(platforms, name, file))),
  );
}

/**
 * Loads platforms of a project, each only when it is asked for: the compose files that the
 * environment file names, or the index.ts or compose file of a folder in platforms/.
 *
 * @param from folder of the environment file, from which its paths start. @default the project's
 */
export function platformsIn(root: string, from: string = root): FindPlatform {
  return (wanted) => {
    const folder = join(root, "platforms", wanted.from);
    const file = join(folder, "index.ts");
    if (wanted.source !== undefined) return fromSource(wanted, wanted.source, from);
    if (wanted.compose !== undefined) return composed(wanted, wanted.compose, from);
    if (existsSync(file)) return platformIn(file, root, wanted.from);
    const compose = composeNames.find((name) => existsSync(join(folder, name)));
    return compose === undefined ? undefined : composed(wanted, [join(folder, compose)], from);
  };
}

/** Only compose files are read: a repository's own code does not run here. */
function fromSource(wanted: Wanted, source: PinnedSource, root: string): PlatformSource {
  runtime();
  const { findSource }: typeof Pinned = load("./pinned-source");
  const { name } = wanted;
  const { folder, repository, problems, warnings } = findSource(source, { platform: name, root });
  if (folder === undefined) return { problems, warnings, lineOf: () => undefined };
  const found = composeNames.find((one) => existsSync(join(folder, one))) ?? "compose.yaml";
  const compose = wanted.compose ?? [found];
  const named = [...compose, ...(wanted.envFiles ?? [])].map((file) => resolve(folder, file));
  const files = repositoryFiles(repository ?? folder, named);
  const read = composed(wanted, compose, folder, files.read);
  const base = dirname(resolve(folder, compose[0] ?? "."));
  const outside = [...files.refused, ...buildsOutside(repository ?? folder, base, read.spec)];
  return {
    ...read,
    leadsOut: (path) => leadsOut(repository ?? folder, path),
    problems: [
      ...read.problems,
      ...[...new Set(outside)].map((path) => outsideProblem(name, path)),
    ],
    warnings: [...warnings, ...read.warnings],
  };
}

function outsideProblem(platform: string, path: string): Problem {
  return fileProblem(["platforms", platform, "source"], {
    found: `compose files that use ${path}, which is not in the repository`,
    allowed: "files of the repository, and those that `compose` and `envFiles` here name",
    fix: "correct the compose files, or copy them and name your copies with `compose`",
  });
}

/** Paths in the files start from the folder of the first one, as Docker reads them. */
function composed(
  wanted: Wanted,
  named: readonly string[],
  from: string,
  read: (path: string) => string | undefined = readText,
): PlatformSource {
  const files = named.map((file) => resolve(from, file));
  const { name, variables = {}, envFiles = [], profiles = [], lenient, variablesInKeys } = wanted;
  runtime();
  const { readCompose }: typeof Compose = load("../../compose/read-compose");
  return readCompose({
    files,
    folder: dirname(files[0] ?? from),
    read,
    name,
    variables,
    inClear: Object.keys(variables),
    envFiles: envFiles.map((file) => resolve(from, file)),
    profiles,
    ...(lenient === undefined ? {} : { lenient }),
    ...(variablesInKeys === undefined ? {} : { variablesInKeys }),
  });
}

/** TypeScript says nothing about the lines of its values. */
function platformIn(file: string, root: string, from: string): PlatformSource {
  const source = { problems: [], warnings: [], lineOf: () => undefined };
  try {
    const exported = requireTypeScript(file);
    if (isMap(exported) && isMap(exported.platform)) return { ...source, spec: exported.platform };
    return { ...source, problems: [indexProblem(from, "it does not export `platform`")] };
  } catch (error) {
    const again = () => requireTypeScript(file);
    const failing = { root, from, load: again, mapOf: runtime().mapOf };
    return { ...source, problems: loadProblems(error, failing) };
  }
}

const load = createRequire(__filename);

/** Loads TypeScript, however the program was started. */
function requireTypeScript(file: string): unknown {
  runtime();
  return load(file);
}

function runtime(): Pick<Failing, "mapOf"> {
  return load("../../runtime/typescript.cjs");
}
