import type { z } from "zod";
import { valueAt } from "../merge";
import { nearest } from "../nearest";
import { describe, type Finding, type Keys } from "../problem";
import { UNKNOWN } from "../values";
import { asMeant, formOf, fromCompose } from "./as-meant";

type Issue = z.core.$ZodIssue;

/** Everything that a schema finds wrong with a value. What Pulumi does not know yet is never wrong. */
export function findingsIn(schema: z.ZodType, root: unknown): Finding[] {
  const { error } = schema.safeParse(root);
  return error === undefined ? [] : findingsOf(root, error.issues);
}

/** Turns a schema's issues into findings; the messages of the rules say what is allowed. */
export function findingsOf(root: unknown, issues: readonly Issue[]): Finding[] {
  const findings = issues.flatMap((issue) => explain(root, issue));
  // A number that is neither whole nor large enough breaks two rules with the same words.
  return findings.filter(
    (one, index) => !findings.slice(0, index).some((other) => same(one, other)),
  );
}

function same(one: Finding, other: Finding): boolean {
  return one.allowed === other.allowed && one.keys.join("\0") === other.keys.join("\0");
}

/** Keys of an issue's value. */
export function keysOf(issue: Issue): Keys {
  return issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
}

function explain(root: unknown, issue: Issue): Finding[] {
  const keys = keysOf(issue);
  const value = valueAt(root, keys);
  if (value === UNKNOWN) return [];
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
  const said = issue.code === "custom" && value !== undefined ? issue.params : undefined;
  const found = said?.found ?? describe(value);
  const fix = said?.fix ?? advice(keys, value, issue);
  const finding = { keys, found, allowed: issue.message, fix };
  return [value === undefined ? { ...finding, echo: "missing" } : finding];
}

/** An allowed name close to the wrong one. */
function otherName(name: string | number, allowed: string): string {
  const near = nameLike(String(name), allowed);
  if (near !== undefined) return `\`${near}\``;
  return allowed.startsWith("an absolute path") ? "another path" : "another name";
}

function nameLike(name: string, allowed: string): string | undefined {
  if (allowed.startsWith("an absolute path")) return name.startsWith("/") ? undefined : `/${name}`;
  const near = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^[_-]+|[_-]+$/g, "");
  return near === "" || near === name ? undefined : near;
}

/** A key or name that is not allowed, and the one that was probably meant. */
export interface WrongName {
  readonly keys: Keys;
  readonly meant?: string;
}

/** The wrong names that an issue is about; none when a value is wrong. */
export function wrongNames(issue: Issue): readonly WrongName[] {
  const keys = keysOf(issue);
  if (issue.code === "invalid_key") {
    return [named(keys, nameLike(String(keys.at(-1) ?? ""), issue.issues[0]?.message ?? ""))];
  }
  if (issue.code !== "unrecognized_keys") return [];
  const known = issue.message.split(", ");
  return issue.keys.map((key) => {
    const isTranslated = fromCompose(key, known) !== undefined;
    return named([...keys, key], isTranslated ? undefined : nearest(key, known));
  });
}

function named(keys: Keys, meant: string | undefined): WrongName {
  return meant === undefined ? { keys } : { keys, meant };
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
  const guess = near === undefined ? `remove \`${key}\`` : `did you mean \`${near}\`?`;
  const fix = fromCompose(key, known) ?? guess;
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
  const meant = asMeant(value, issue.message ?? "");
  if (meant !== undefined) return `\`${entry(meant)}\``;
  const example = /(?:such as |^)`([^`]+)`/.exec(issue.message ?? "")?.[1];
  return example === undefined
    ? `\`${entry(formOf(issue.message ?? ""))}\``
    : `\`${entry(example)}\``;
}
