import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { isMap } from "../../model/merge";
import { isContextFolder } from "../../model/platform/build";
import { readText } from "../file/read-text";

/** Where a path really is, with every link on the way followed; undefined when there is nothing. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}

/**
 * Whether something exists at a path and is not in the repository, whatever links are on the way. Git's own
 * folder, which may hold logins, counts as outside.
 */
export function leavesRepository(repository: string, path: string): boolean {
  const [root, real] = [realPath(repository), realPath(path)];
  if (root === undefined || real === undefined) return false;
  return !isBelow(root, real) || relative(root, real).split("/")[0] === ".git";
}

/**
 * Whether a path in the repository is a link that leads out of it, or a folder with such a link somewhere below. What
 * is written as a path outside was chosen by whoever wrote it, and is not meant.
 */
export function leadsOut(repository: string, path: string): boolean {
  if (!isBelow(repository, path)) return false;
  if (leavesRepository(repository, path)) return true;
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return readdirSync(path, { withFileTypes: true }).some((entry) => {
    const isWorth = entry.isDirectory() || entry.isSymbolicLink();
    return isWorth && leadsOut(repository, join(path, entry.name));
  });
}

/** Files that the compose files of a repository may read, and what they tried to read besides. */
export interface RepositoryFiles {
  /** Reads a file as text; undefined when there is none, or when it is not in the repository. */
  readonly read: (path: string) => string | undefined;
  /** What was asked for and is not in the repository. */
  readonly refused: ReadonlySet<string>;
}

/**
 * Somebody else wrote the compose files of a repository, so they read nothing of this machine outside of it. What
 * the environment file itself names may be elsewhere.
 *
 * @param named absolute paths that the environment file names
 */
export function repositoryFiles(repository: string, named: readonly string[]): RepositoryFiles {
  const refused = new Set<string>();
  const chosen = new Set(named.filter((path) => !isBelow(repository, path)));
  const read = (path: string): string | undefined => {
    if (chosen.has(path) || !leavesRepository(repository, path)) return readText(path);
    refused.add(path);
    return undefined;
  };
  return { read, refused };
}

/** Build contexts and Dockerfiles of a platform that are not in the repository, absolute. */
export function buildsOutside(
  repository: string,
  folder: string,
  spec: object | undefined,
): readonly string[] {
  const images = isMap(spec) && isMap(spec.images) ? Object.values(spec.images) : [];
  return images.flatMap((image) => {
    if (!isMap(image) || typeof image.context !== "string") return [];
    const context = resolve(folder, image.context);
    const file = typeof image.dockerfile === "string" ? image.dockerfile : "Dockerfile";
    const more = isMap(image.contexts) ? Object.values(image.contexts) : [];
    const folders = more.flatMap((place) =>
      typeof place === "string" && isContextFolder(place) ? [resolve(folder, place)] : [],
    );
    const paths = [context, resolve(context, file), ...folders];
    return paths.filter((path) => leavesRepository(repository, path));
  });
}
