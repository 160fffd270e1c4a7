import type { z } from "zod";
import { findingsOf, keysOf } from "../../model/fields/findings";
import { copyPlain, isMap, valueAt } from "../../model/merge";
import type { Finding, Keys } from "../../model/problem";

export type { Finding };

type Issue = z.core.$ZodIssue;

/** What could be read of a value, and everything that is wrong with it. */
export interface Lenient<T> {
  /** The value without its wrong parts; undefined when nothing is left. */
  readonly value?: T;
  readonly findings: readonly Finding[];
}

/**
 * Reads a value with a schema. Wrong parts are reported and left out, so that the rest can be
 * checked further in the same run.
 */
export function readLeniently<T>(schema: z.ZodType<T>, root: unknown): Lenient<T> {
  const first = schema.safeParse(root);
  if (first.success) return { value: first.data, findings: [] };
  const findings = findingsOf(root, first.error.issues);
  const draft = { root: copyPlain(root) };
  let issues: readonly Issue[] = first.error.issues;
  while (draft.root !== undefined) {
    for (const keys of wrongParts(issues)) removeAt(draft, ["root", ...keys]);
    const next = schema.safeParse(draft.root);
    if (next.success) return { value: next.data, findings };
    issues = next.error.issues;
  }
  return { findings };
}

/** Keys of the parts to leave out; later items of a list come first, so that indexes stay valid. */
function wrongParts(issues: readonly Issue[]): Keys[] {
  const parts = issues.flatMap((issue) => {
    const path = keysOf(issue);
    return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  });
  return [...parts].reverse();
}

function removeAt(holder: unknown, keys: Keys): void {
  const parent = valueAt(holder, keys.slice(0, -1));
  const last = keys.at(-1);
  if (parent === undefined || last === undefined) return;
  if (Array.isArray(parent) && typeof last === "number" && last < parent.length) {
    parent.splice(last, 1);
  } else if (isMap(parent) && Object.hasOwn(parent, last)) {
    delete parent[last];
  } else {
    removeAt(holder, keys.slice(0, -1));
  }
}
