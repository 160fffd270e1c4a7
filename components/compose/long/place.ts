import { posix } from "node:path";
import type { Keys } from "../../model/problem";
import type { Findings } from "../findings";
import type { Node } from "../tree";

/** Where short forms are written out: whose folder relative paths start from. */
export interface Place {
  /** Absolute. */
  readonly base: string;
  /** What `~` stands for. */
  readonly home: string;
  readonly findings: Findings;
  /** Ports that ranges have become so far, in all files. */
  readonly expanded: { ports: number };
}

/** Writes a value out in its long form. */
export type LongForm = (node: Node, place: Place, keys: Keys) => Node;

/** A path as Docker makes it absolute: `~` is the home folder, and relative ones start at the file's folder. */
export function absolute(path: string, { base, home }: Pick<Place, "base" | "home">): string {
  if (path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path)) return path;
  const joined = /^~(?:\/|$)/.test(path) ? posix.join(home, path.slice(1)) : posix.join(base, path);
  return joined.length > 1 ? joined.replace(/\/$/, "") : joined;
}
