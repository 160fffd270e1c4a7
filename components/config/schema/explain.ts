import type { z } from "zod";
import { copyPlain, isMap, valueAt } from "../../model/merge";
import { nearest } from "../../model/nearest";
import { describe, type Keys } from "../../model/problem";

/** What a schema found wrong, before anyone knows in which file it stands. */
export interface Finding {
  readonly keys: Keys;
  readonly found: string;
  readonly allowed: string;
  readonly fix: string;
}

type Issue = z.core.$ZodIssue;

/** Makes findings of a schema's issues; the messages of the fields say what is allowed. */
function explain(root: unknown, issue: Issue): Finding[] {
  const keys = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(keys, key, issue.message.split(", ")));
  }
  const name = keys.at(-1) ?? "";
  if (issue.code === "invalid_key") {
    const allowed = issue.issues[0]?.message ?? "another name";
    return [{ keys, found: `the name ${describe(name)}`, allowed, fix: otherName(name, allowed) }];
  }
  if (issue.code === "invalid_union") {
    const inner = deeperIssue(root, keys, issue.errors);
    if (inner !== undefined) return explain(root, inner);
  }
  if (issue.code === "custom" && issue.params !== undefined) {
    const { found, fix } = issue.params;
    return [{ keys, found, allowed: issue.message, fix }];
  }
  const value = valueAt(root, keys);
  return [
    { keys, found: describe(value), allowed: issue.message, fix: advice(keys, value, issue) },
  ];
}

/** A name that is near the wrong one and allowed. */
function otherName(name: string | number, allowed: string): string {
  if (allowed.startsWith("an absolute path")) return `\`/${name}\``;
  const near = String(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^[_-]+|[_-]+$/g, "");
  return near === "" || near === name ? "another name" : `\`${near}\``;
}

/** The issue inside a union when the value has the shape of one alternative and only a part is wrong. */
function deeperIssue(
  root: unknown,
  keys: Keys,
  alternatives: readonly (readonly Issue[])[],
): Issue | undefined {
  const value = valueAt(root, keys);
  if (typeof value !== "object" || value === null) return undefined;
  const inside = alternatives.find(
    (issues) =>
      issues.length > 0 &&
      issues.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"),
  );
  const first = inside?.[0];
  return first === undefined ? undefined : { ...first, path: [...keys, ...first.path] };
}

function unknownKey(parent: Keys, key: string, known: readonly string[]): Finding {
  const near = nearest(key, known);
  const fix = near === undefined ? `remove \`${key}\`` : `did you mean \`${near}\`?`;
  return { keys: [...parent, key], found: "an unknown key", allowed: known.join(", "), fix };
}

function advice(keys: Keys, value: unknown, issue: Issue): string {
  const last = keys.at(-1);
  const entry = (example: string) => (typeof last === "string" ? `${last}: ${example}` : example);
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const near = typeof value === "string" ? nearest(value, values) : undefined;
    if (near !== undefined) return `did you mean \`${near}\`?`;
    return `\`${entry(values[0] ?? "")}\``;
  }
  const example = /(?:such as |^)`([^`]+)`/.exec(issue.message)?.[1];
  return example === undefined ? `\`${entry("<value>")}\`` : `\`${entry(example)}\``;
}

/** What could be read of a value, and all that is wrong with it. */
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
  const findings = first.error.issues.flatMap((issue) => explain(root, issue));
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

/** Keys of what is to be left out, later items of a list first, so that none moves before its turn. */
function wrongParts(issues: readonly Issue[]): Keys[] {
  const parts = issues.flatMap((issue) => {
    const path = issue.path as Keys;
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
