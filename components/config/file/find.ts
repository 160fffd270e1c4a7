import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** Folder of the platforms in a project. */
const PLATFORMS = "platforms";

/** `Pulumi.<environment>.yaml`, and not its file of secrets. */
const FILE_NAME = /^Pulumi\.(.+)(?<!\.secrets)\.yaml$/;

/**
 * Folders of a project that may hold environment files: its own, then each in platforms/, where a
 * platform keeps those that are only about it.
 */
function environmentFolders(root: string): readonly string[] {
  const platforms = join(root, PLATFORMS);
  if (!existsSync(platforms)) return [root];
  const folders = readdirSync(platforms, { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  return [root, ...folders.map(({ name }) => join(platforms, name)).sort()];
}

/** An environment's file. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
}

/** All environment files of a project. A name that occurs twice is listed twice. */
export function environmentFiles(root: string): readonly FoundFile[] {
  return environmentFolders(root).flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .flatMap((file) => {
        const name = FILE_NAME.exec(file)?.[1];
        return name === undefined ? [] : [{ name, path: join(folder, file) }];
      });
  });
}

/**
 * Path of the file of an environment: in the project's folder, or else in a folder of platforms/.
 * When there is none, the path in the project's folder.
 *
 * @example
 * environmentPath(root, "dockercoins"); // …/platforms/dockercoins/Pulumi.dockercoins.yaml
 */
export function environmentPath(root: string, environment: string): string {
  const file = `Pulumi.${environment}.yaml`;
  const folder = environmentFolders(root).find((one) => existsSync(join(one, file)));
  return join(folder ?? root, file);
}

/** The project that an environment file belongs to: its folder, or the one that has it in platforms/. */
export function projectOfFile(path: string): string {
  const folder = dirname(resolve(path));
  const above = dirname(folder);
  return basename(above) === PLATFORMS ? dirname(above) : folder;
}
