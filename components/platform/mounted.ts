import type { PlatformPlan } from "../model/platform/plan";
import { onNode } from "../model/system-folders";

/**
 * Folders of the nodes that containers may write into, as they are read there. The whole node is left out: whoever
 * writes there needs no link. Pure.
 */
export function mountedFolders(plans: readonly PlatformPlan[]): readonly string[] {
  const all = plans.flatMap(({ services, volumes }) => {
    const mounts = Object.values(services).flatMap((one) => Object.values(one.mounts ?? {}));
    const binds = mounts.flatMap(({ type, source, readOnly }) =>
      type === "bind" && source !== undefined && readOnly !== true ? [source] : [],
    );
    const bound = Object.values(volumes).flatMap((volume) => {
      if (volume.kind === "shared") return [volume.folder];
      const device = volume.kind === "node" ? volume.device : volume.driverOptions?.device;
      return device?.startsWith("/") ? [device] : [];
    });
    return [...binds, ...bound];
  });
  return [...new Set(all.map(onNode))].filter((path) => path !== "/").sort();
}

/** The highest of the folders that a path is in; undefined when it is in none. A folder is not in itself. Pure. */
export function mountedAbove(path: string, folders: readonly string[]): string | undefined {
  const plain = onNode(path);
  const above = folders.filter((folder) => plain.startsWith(`${folder}/`));
  return above.sort((one, other) => one.length - other.length)[0];
}
