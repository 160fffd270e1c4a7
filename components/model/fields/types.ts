import { z } from "zod";
import { isMap } from "../paths";
import { formatBytes, formatDuration, parseBytes, parseDuration } from "../quantities";
import {
  canonical,
  canonicalMembers,
  decodeMembers,
  encodeMembers,
  Field,
  type Fields,
  type Given,
  type Presence,
} from "./field";
import { modeOf, unmistakable } from "./file-mode";
import * as rules from "./rules";

const asIs = (value: unknown) => value;

/** A value that the Docker engine takes unchanged. */
function plain<T>(rule: z.ZodType<T>, written: z.ZodType<T> = rule): Field<T> {
  return new Field({ rule, written, canon: asIs, encode: asIs, decode: asIs });
}

/** A text; empty ones say nothing. */
export function text(rule: z.ZodType<string> = rules.text()): Field<string> {
  return plain(rule).unless("");
}

/** A text that a file may write as a number or truth value. */
export function loose(rule: z.ZodType<string> = rules.text()): Field<string> {
  return plain(rule, rules.loose).unless("");
}

/** A text without the spaces around it. */
export function trimmed(rule: z.ZodType<string>): Field<string> {
  return new Field({ ...plain(rule).is, canon: (value) => String(value).trim() });
}

/** true or false; false says nothing. */
export function flag(): Field<boolean> {
  return plain(rules.flag).unless(false);
}

/** true, false, or the Docker engine's choice. */
export function choice(): Field<boolean> {
  return plain(rules.flag);
}

/** A number. */
export function number(rule: z.ZodType<number>): Field<number> {
  return plain(rule);
}

/** A whole number of at least 0; 0 says nothing. */
export function count(example = 1): Field<number> {
  return plain<number>(rules.whole(0, undefined, example)).unless(0);
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(...words: T) {
  return plain<T[number]>(z.enum(words, { error: words.join(", ") }));
}

/** A duration such as `1m30s`, which the Engine API has in nanoseconds. */
export function duration(rule: z.ZodType<string> = rules.duration): Field<string> {
  return new Field({
    rule,
    written: rule,
    canon: (value) => formatDuration(parseDuration(String(value))),
    encode: (value) => parseDuration(String(value)),
    decode: (live) => formatDuration(Number(live)),
  });
}

/** A size such as `512MiB`, which the Engine API has in bytes. */
export function size(rule: z.ZodType<string> = rules.size): Field<string> {
  const made: Field<string> = new Field({
    rule,
    written: rule,
    canon: (value) => formatBytes(parseBytes(String(value))),
    encode: (value) => parseBytes(String(value)),
    decode: (live) => formatBytes(Number(live)),
  });
  return made.unless("0B");
}

/** Permissions of a file, which the Engine API has as a number. */
export function permissions(): Field<number | string> {
  // The provider's schema has one type for each field: the one of the canonical form.
  const rule = rules.permissions.meta({ type: "integer" });
  return plain<number | string>(rule, rules.permissions.transform(unmistakable)).by({
    canon: modeOf,
    encode: modeOf,
  });
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function filled<T>(made: readonly T[]): readonly T[] | undefined {
  return made.length === 0 ? undefined : made;
}

/** A list in its order. */
export function list<T>(item: Field<T>, allowed: string): Field<readonly T[]> {
  return new Field({
    item,
    rule: rules.list(item.is.rule, allowed),
    written: rules.list(item.is.written, allowed),
    canon: (value) => filled(items(value).map((one) => canonical(item, one) ?? one)),
    encode: (value) => items(value).map(item.is.encode),
    decode: (live) => items(live).map(item.is.decode),
  });
}

/** A list whose order means nothing: sorted by `order`, each item once. */
export function set<T>(
  item: Field<T>,
  allowed: string,
  order: (item: unknown) => string = String,
): Field<readonly T[]> {
  const inOrder = list(item, allowed).is;
  const canon = (value: unknown) => {
    const made = [...new Set(items(inOrder.canon(value)))];
    return filled(sortedBy(made, order));
  };
  return new Field({ ...inOrder, canon });
}

function sortedBy<T>(unsorted: readonly T[], key: (item: T) => string): T[] {
  return unsorted
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}

/** Entries of a map in the order of their keys, so that a body is the same each time. */
function entries(value: unknown): [string, unknown][] {
  return sortedBy(isMap(value) ? Object.entries(value) : [], ([key]) => key);
}

/** How a map is written as a list in the Engine API. */
interface AsList {
  /** One item, or a list of several. */
  encode(key: string, value: unknown): unknown;
  decode(live: unknown): readonly (readonly [string, unknown])[];
  /** Values of two items with the same key. @default the later one */
  join?(one: unknown, other: unknown): unknown;
}

interface MapOptions {
  /** Form of the keys. @default any name that is not empty */
  readonly keys?: z.ZodString;
  /** What a problem with the map calls allowed. */
  readonly allowed?: string;
  /** What stands for a member without effect. @default the member is left out */
  readonly empty?: unknown;
  /** @default the Engine API has a map too */
  readonly asList?: AsList;
}

const anyName = z.string().min(1, { error: "a name" });

/** A map with free keys. */
export function map<T, P extends Presence>(
  item: Field<T, P>,
  { keys = anyName, allowed, empty, asList }: MapOptions = {},
): Field<{ readonly [key: string]: T }> {
  const mapped = (value: unknown, make: (value: unknown) => unknown) =>
    Object.fromEntries(entries(value).map(([key, member]) => [key, make(member)]));
  return new Field({
    item,
    rule: rules.keyed(keys, item.is.rule, allowed),
    written: rules.keyed(keys, item.is.written, allowed),
    canon: (value) => {
      const said = entries(value).filter(([, member]) => member !== undefined);
      const made = said.map(([key, member]) => [key, canonical(item, member) ?? empty] as const);
      return filled(made) && Object.fromEntries(made);
    },
    encode: (value) =>
      asList === undefined
        ? mapped(value, item.is.encode)
        : filled(entries(value).flatMap(([key, one]) => asList.encode(key, item.is.encode(one)))),
    decode: (live) => {
      if (asList === undefined) return mapped(live, item.is.decode);
      const made = new Map<string, unknown>();
      for (const [key, one] of items(live).flatMap((entry) => asList.decode(entry))) {
        const value = item.is.decode(one);
        made.set(key, made.has(key) ? (asList.join?.(made.get(key), value) ?? value) : value);
      }
      return Object.fromEntries(made);
    },
  });
}

/** A list of objects in the Engine API that have the map's key at `place`. */
export function keyAt(place: string): AsList {
  const key = { key: text().to(place) };
  return {
    encode: (name, value) => encodeMembers(key, { key: name }, isMap(value) ? { ...value } : {}),
    decode: (live) => [[String(decodeMembers(key, live).key ?? ""), live]],
  };
}

/** Text by name; files may write numbers and truth values. */
export function texts(keys?: z.ZodString): Field<{ readonly [key: string]: string }> {
  const kept: Field<string> = new Field({ ...loose().is, silent: [] });
  return map(kept, { keys, allowed: "a map of text to text" });
}

/** Schema of fields as inputs of a resource. */
export function ruleOf(fields: Fields) {
  const shape = Object.entries(fields).map(([key, { is }]) => [
    key,
    is.presence === "required" ? is.rule : is.rule.nullish(),
  ]);
  return rules.object(Object.fromEntries(shape));
}

type Written<S extends Fields> = {
  readonly [K in keyof S]: S[K]["presence"] extends "required"
    ? z.ZodType<S[K]["type"]>
    : z.ZodOptional<z.ZodType<S[K]["type"]>>;
};

/** Schemas of fields as a file writes them, by name. */
export function writtenOf<S extends Fields>(fields: S): Written<S> {
  const shape = Object.entries(fields).map(([key, { is }]) => [
    key,
    is.presence === "required" ? is.written : is.written.optional(),
  ]);
  return Object.fromEntries(shape) as Written<S>;
}

/** A map with known keys. */
export function record<const S extends Fields>(members: S): Field<Given<S>> {
  return new Field({
    members,
    rule: ruleOf(members),
    written: rules.object(writtenOf(members)),
    canon: (value) => {
      const made = canonicalMembers(members, isMap(value) ? value : {});
      return Object.keys(made).length === 0 ? undefined : made;
    },
    encode: (value) => encodeMembers(members, isMap(value) ? value : {}, {}),
    decode: (live) => decodeMembers(members, live),
  });
}
