import type { z } from "zod";
import { findingsOf, keysOf, wrongNames } from "../../model/fields/findings";
import { copyPlain, isMap, valueAt } from "../../model/merge";
import { sameValue } from "../../model/paths";
import { type Finding, isBelow, type Keys } from "../../model/problem";
import type { Renamed } from "./renamed";

export type { Finding };

type Issue = z.core.$ZodIssue;

/** What could be read of a value, and everything that is wrong with it. */
export interface Lenient<T> {
  /** The value without its wrong parts; undefined when nothing is left. */
  readonly value?: T;
  /** What is wrong. What is inside a renamed part has the keys of `value`. */
  readonly findings: readonly Finding[];
  /** Parts of `value` that have another name than the one that was written. */
  readonly renamed: readonly Renamed[];
}

/**
 * Reads a value with a schema. Wrong parts are reported and left out, so that the rest can be checked further in the
 * same run. A map or list under a wrong name gets the name that was probably meant, so that it is checked too.
 *
 * @param prepare makes a value ready for the schema. @default it is taken as it is
 */
export function readLeniently<T>(
  schema: z.ZodType<T>,
  root: unknown,
  prepare: (root: unknown) => unknown = (same) => same,
): Lenient<T> {
  const findings: Finding[] = [];
  const renamed: Renamed[] = [];
  const draft = { root: prepare(copyPlain(root)) };
  let unseen: readonly Keys[] = [[]];
  while (draft.root !== undefined) {
    const read = schema.safeParse(draft.root);
    if (read.success) return { value: read.data, findings, renamed };
    const { issues } = read.error;
    const found = findingsOf(draft.root, newIssues(issues, unseen));
    const moved = withoutWrong(draft, issues, renamed);
    unseen = moved.map(({ meant }) => meant);
    renamed.push(...moved);
    findings.push(...found.filter(({ echo, keys }) => echo !== "missing" || !isIn(unseen, keys)));
    if (moved.length > 0) draft.root = prepare(draft.root);
  }
  return { findings, renamed };
}

/** Issues of parts that are looked at for the first time; others follow from what was left out. */
function newIssues(issues: readonly Issue[], unseen: readonly Keys[]): readonly Issue[] {
  return issues.filter((issue) => {
    const keys = keysOf(issue);
    if (issue.code === "invalid_key" && isIn(unseen, keys)) return false;
    return unseen.some((part) => isBelow(keys, part));
  });
}

/** Takes what is wrong out of a draft, and gives the parts that stay under another name. */
function withoutWrong(
  draft: { root: unknown },
  issues: readonly Issue[],
  earlier: readonly Renamed[],
): readonly Renamed[] {
  const parts = wrongParts(issues);
  const before = earlier.map(({ meant }) => meant);
  // A name that is wrong even so is not changed again.
  const moved = parts.flatMap((part) => (isIn(before, part.keys) ? [] : rename(draft.root, part)));
  const gone = moved.map(({ written }) => written);
  const filled = moved.map(({ meant }) => meant);
  for (const { keys } of parts) {
    if (!isIn(gone, keys) && !isIn(filled, keys)) removeAt(draft, ["root", ...keys]);
  }
  return moved;
}

function isIn(places: readonly Keys[], keys: Keys): boolean {
  return places.some((place) => sameValue(place, keys));
}

interface WrongPart {
  readonly keys: Keys;
  /** Names that it may get instead. */
  readonly names: readonly string[];
}

/** The parts to leave out or rename; later items of a list come first, so that indexes stay valid. */
function wrongParts(issues: readonly Issue[]): readonly WrongPart[] {
  const parts = issues.flatMap((issue): readonly WrongPart[] => {
    const wrong = wrongNames(issue);
    if (wrong.length === 0) return [{ keys: keysOf(issue), names: [] }];
    // Any other name will do where names are free, so that what is inside is checked.
    const isFree = issue.code === "invalid_key";
    return wrong.map(({ keys, meant = isFree ? "unnamed" : undefined }) => {
      if (meant === undefined) return { keys, names: [] };
      return { keys, names: isFree ? [meant, `${meant}-2`] : [meant] };
    });
  });
  return [...parts].reverse();
}

/** Gives a map or list the first of the names that is not taken; anything else has to go. */
function rename(root: unknown, { keys, names }: WrongPart): readonly Renamed[] {
  const around = keys.slice(0, -1);
  const parent = valueAt(root, around);
  const value = valueAt(root, keys);
  if (!isMap(parent) || !(isMap(value) || Array.isArray(value))) return [];
  const name = names.find((one) => !Object.hasOwn(parent, one));
  if (name === undefined) return [];
  delete parent[String(keys.at(-1))];
  parent[name] = value;
  return [{ written: keys, meant: [...around, name] }];
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
