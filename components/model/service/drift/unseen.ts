import { isMap } from "../../paths";

/**
 * Options of bind mounts that the Engine API has, each with what to do instead. No Docker engine hands them on to swarm
 * (seen in 25 to 28), so they have no effect in a service, and are never shown.
 */
export const UNSEEN: { readonly [option: string]: string } = {
  create: "the folder in the platform's `directories`, which are made on every node",
  readOnlyNonRecursive: "mounts for what is below the folder",
  readOnlyForceRecursive: "mounts for what is below the folder",
};

/** Mounts as a Docker engine shows them, with what it never shows as it was stated. Pure. */
export function withUnseen(mounts: unknown, stated: unknown): unknown {
  if (!isMap(mounts) || !isMap(stated)) return mounts;
  return Object.fromEntries(
    Object.entries(mounts).map(([path, mount]) => {
      const before = stated[path];
      if (!isMap(mount) || mount.type !== "bind" || !isMap(before) || !isMap(before.bind)) {
        return [path, mount];
      }
      const hidden = Object.entries(before.bind).filter(([option]) => option in UNSEEN);
      const bind = { ...(isMap(mount.bind) ? mount.bind : {}), ...Object.fromEntries(hidden) };
      return [path, hidden.length === 0 ? mount : { ...mount, bind }];
    }),
  );
}
