import type { Keys, Problem } from "../problem";

/** What a place that holds a platform gives: a folder with an index.ts, for example. */
export interface PlatformSource {
  /** A PlatformSpec as it was written; who reads it checks it. Undefined when it could not be read. */
  readonly spec?: object;
  /** What is wrong with the place itself. */
  readonly problems: readonly Problem[];
  /** What works but is probably not meant, or is left out. */
  readonly warnings: readonly Problem[];
  /** File and line of the value at the keys, or the nearest around it: `compose.yaml:12`. Undefined when unknown. */
  readonly lineOf: (keys: Keys) => string | undefined;
  /**
   * Whether what is at an absolute path in the platform's folder belongs to somebody else: a link of a repository can
   * lead to any file of this machine. @default nothing does
   */
  readonly leadsOut?: (path: string) => boolean;
}
