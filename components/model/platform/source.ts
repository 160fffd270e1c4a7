import type { About, Keys, Problem } from "../problem";

/** The words for a problem that who wrote the source knows. */
export interface Wording {
  /** Keys of a platform as the source has them. */
  readonly keys: (keys: Keys) => Keys;
  /** What is wrong at keys of a platform, with the source's names of fields. */
  readonly about: (keys: Keys, about: About) => About;
}

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
  /** The words for problems with its values. @default in the words of a PlatformSpec */
  readonly wording?: Wording;
  /**
   * Whether what is at an absolute path in the platform's folder belongs to somebody else: a link of a repository can
   * lead to any file of this machine. @default nothing does
   */
  readonly leadsOut?: (path: string) => boolean;
}
