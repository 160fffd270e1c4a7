/** Folders at the top of a machine that belong to its system. */
export const SYSTEM_FOLDERS = [
  ...["bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "root", "run"],
  ...["sbin", "sys", "tmp", "usr", "var"],
] as const;

const inside = new RegExp(`^/(${SYSTEM_FOLDERS.join("|")})(/|$)`);

/**
 * Whether a normalized absolute path is a folder of the system, or in one.
 *
 * @example
 * isOfSystem("/var/lib/docker"); // true
 */
export function isOfSystem(path: string): boolean {
  return inside.test(path);
}
