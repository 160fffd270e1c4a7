import type { Plain } from "../tree";

/** What becomes of a key. */
export type Verdict = "taken" | "changed" | "ignored" | "refused";

/** One key of a compose file: what becomes of it, and which keys are inside. */
export interface Rule {
  readonly verdict: Verdict;
  /** What it becomes; for what is refused or ignored, why. */
  readonly note: string;
  /** What `docker stack deploy` does with what is refused. */
  readonly docker?: string;
  /** What to write instead of what is refused. */
  readonly instead?: string;
  /** Values that ask for nothing, so that they need not be refused. */
  readonly harmless?: readonly Plain[];
  /** The keys of a map. */
  readonly keys?: Rules;
  /** The items of a list, or the values of a map with free keys. */
  readonly each?: Rule;
  /** The only kind that has them, once short forms are written out. @default either */
  readonly only?: "list" | "map";
}

/** Rules by key. */
export type Rules = { readonly [key: string]: Rule };

type Inside = Pick<Rule, "keys" | "each" | "only">;

/** A key that means the same here. */
export function taken(note: string, inside: Inside = {}): Rule {
  return { verdict: "taken", note, ...inside };
}

/** A key that becomes something else. */
export function changedTo(note: string, inside: Inside = {}): Rule {
  return { verdict: "changed", note, ...inside };
}

/** A key that is left out on purpose. */
export function ignored(note: string): Rule {
  return { verdict: "ignored", note };
}

/** A key that swarm, or this program, has nothing for. */
export function refused(
  note: string,
  docker: string,
  instead: string,
  harmless: readonly Plain[] = [],
): Rule {
  return { verdict: "refused", note, docker, instead, harmless };
}

/** What docker stack deploy does with keys that it does not support. */
export const WARNS = "leaves it out with a warning";
export const SILENT = "leaves it out silently";
export const REFUSES = "refuses it";
