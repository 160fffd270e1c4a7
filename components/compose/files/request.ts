import type { Place } from "../long/place";

/** What readCompose is asked for. */
export interface ComposeRequest {
  /** Compose files, the later ones over the earlier ones: absolute paths, or relative to `folder`. */
  readonly files: readonly string[];
  /** Reads a file as text; undefined when there is none. */
  readonly read: (path: string) => string | undefined;
  /** Variables for `${…}`, and for environment entries without a value. */
  readonly variables: { readonly [name: string]: string };
  /** Names of variables whose values an environment file has in clear: a secret takes none of them. @default [] */
  readonly inClear?: readonly string[];
  /** Files with more variables, such as `.env`; what `variables` says wins. @default [] */
  readonly envFiles?: readonly string[];
  /** Name of the platform, which Docker calls the stack. */
  readonly name: string;
  /** Folder of the platform, absolute. */
  readonly folder: string;
  /** Services with other profiles than these are left out. @default [] */
  readonly profiles?: readonly string[];
  /** What swarm cannot do becomes a warning instead of a problem. @default false */
  readonly lenient?: boolean;
  /** Fills in variables in keys too, as `envsubst` does to a template. @default false */
  readonly variablesInKeys?: boolean;
}

/** A set of files that belong together, and whose folder their paths start from. */
export interface FileSet extends Place {
  readonly lookup: (name: string) => string | undefined;
  readonly request: ComposeRequest;
  /** Files that led here, so that a circle is found. */
  readonly chain: readonly string[];
}
