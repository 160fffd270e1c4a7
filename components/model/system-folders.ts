import { posix } from "node:path";

/** Folders of the system in which programs, and people, keep what is their own. */
const OWN_USE = ["root", "run", "tmp"] as const;

/** Those that are the system's alone. */
const SYSTEM_ONLY = [
  ...["bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc"],
  ...["sbin", "sys", "usr", "var"],
] as const;

/** Folders at the top of a machine that belong to its system. */
export const SYSTEM_FOLDERS: readonly string[] = [...SYSTEM_ONLY, ...OWN_USE].sort();

/** A path on the nodes as they read it: `/srv/../etc/` is `/etc`. Pure. */
export function onNode(path: string): string {
  const plain = posix.normalize(`/${path}`);
  return plain === "/" ? plain : plain.replace(/\/$/, "");
}

/**
 * Whether a path is a folder of the system, or in one, as nodes read it.
 *
 * @example
 * isOfSystem("/var/lib/docker"); // true
 */
export function isOfSystem(path: string): boolean {
  return SYSTEM_FOLDERS.includes(topOf(path));
}

/** The same without those where programs keep what is their own, such as /run and /tmp. */
export function isSystemOnly(path: string): boolean {
  return SYSTEM_ONLY.some((folder) => folder === topOf(path));
}

function topOf(path: string): string {
  return onNode(path).split("/")[1] ?? "";
}
