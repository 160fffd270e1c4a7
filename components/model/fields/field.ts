import type { z } from "zod";
import { valueAt } from "../merge";
import { isMap } from "../paths";
import { UNKNOWN } from "../values";

/** The first Docker engine that knows a field, and the minor number of its API version 1.x. */
export interface Since {
  readonly engine: string;
  readonly api: number;
}

/** `filled`: may be left out, and Check fills the default in. */
export type Presence = "required" | "filled" | "optional";

type Members = { readonly [key: string]: unknown };

/** Everything known about a field. */
export interface Definition {
  /** What a resource's input may be. */
  readonly rule: z.ZodType;
  /** What a file may say; YAML may give a number for a text. */
  readonly written: z.ZodType;
  /** The canonical form of a value that is present and known; undefined when it says nothing. */
  readonly canon: (value: unknown) => unknown;
  /** A canonical value as the Engine API has it. */
  readonly encode: (value: unknown) => unknown;
  /** A value of the Engine API in the form of the inputs. */
  readonly decode: (live: unknown) => unknown;
  /** Path of the value below its parent in the Engine API: `File.UID`. @default it is not sent */
  readonly wire?: string;
  readonly presence?: Presence;
  /** Values that say the same as no value; the first one is the default. @default none */
  readonly silent?: readonly unknown[];
  /** The default is sent, because the Docker engine has a different one. @default false */
  readonly sent?: boolean;
  /** What it means when the Docker engine shows no value. @default nothing */
  readonly absent?: unknown;
  readonly since?: Since;
  /** Words that need a newer Docker engine than the field. */
  readonly words?: { readonly [word: string]: Since };
  /** Fields of a record. */
  readonly members?: Fields;
  /** Field of the items of a list or map. */
  readonly item?: Field<unknown, Presence>;
}

/** One field: its type, rule, canonical form, and place in the Engine API. */
export class Field<T, P extends Presence = "optional"> {
  /** Type of the value; only for the compiler. */
  declare readonly type: T;
  /** Whether it may be left out; only for the compiler. */
  declare readonly presence: P;

  constructor(readonly is: Definition) {}

  /** The field with parts of its definition replaced. */
  by(changes: Partial<Definition>): Field<T, P> {
    return new Field<T, P>({ ...this.is, ...changes });
  }

  /** Names the place in the Engine API. */
  to(wire: string): Field<T, P> {
    return this.by({ wire });
  }

  required(): Field<T, "required"> {
    return new Field({ ...this.is, presence: "required" });
  }

  /** Check fills this in when the field is left out. */
  filled(value: T): Field<T, "filled"> {
    return new Field({ ...this.is, presence: "filled", silent: [value] });
  }

  /** The canonical form leaves these values out; the first one is the default. */
  unless(...silent: readonly T[]): Field<T, P> {
    return this.by({ silent });
  }

  /** Like `unless`, and the default is sent. `absent` is what it means when the Docker engine shows none. */
  states(value: T, absent?: T): Field<T, P> {
    return this.by({ silent: [value], sent: true, absent });
  }

  /** Older Docker engines silently drop the field. */
  since(engine: string, api: number): Field<T, P> {
    return this.by({ since: { engine, api } });
  }

  /** One word of the field needs a newer Docker engine. */
  wordSince(word: T & string, engine: string, api: number): Field<T, P> {
    return this.by({ words: { ...this.is.words, [word]: { engine, api } } });
  }
}

/** Fields by name. */
export type Fields = { readonly [key: string]: Field<unknown, Presence> };

type KeysWith<S extends Fields, P extends Presence> = {
  [K in keyof S]: S[K]["presence"] extends P ? K : never;
}[keyof S];

type Flat<T> = { readonly [K in keyof T]: T[K] };

type Typed<S extends Fields> = { readonly [K in keyof S]: S[K]["type"] };

type Allowing<S extends Fields, Needed extends Presence> = Flat<
  Pick<Typed<S>, KeysWith<S, Needed>> & Partial<Omit<Typed<S>, KeysWith<S, Needed>>>
>;

/** What a program gives for these fields. */
export type Given<S extends Fields> = Allowing<S, "required">;

/** What Check makes of it: defaults are filled in. */
export type Checked<S extends Fields> = Allowing<S, "required" | "filled">;

/** The canonical form of a value; undefined when it says nothing. Unknown values stay unknown. */
export function canonical({ is }: Field<unknown, Presence>, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (value === UNKNOWN) return UNKNOWN;
  const made = is.canon(value);
  return is.silent?.includes(made) ? undefined : made;
}

/** The canonical form of each field that says something. */
export function canonicalMembers(fields: Fields, value: Members): { [key: string]: unknown } {
  const made = Object.entries(fields).map(([key, field]) => [key, canonical(field, value[key])]);
  return Object.fromEntries(made.filter(([, member]) => member !== undefined));
}

/** Puts each field at its place in the Engine API. */
export function encodeMembers(fields: Fields, value: Members, body: { [key: string]: unknown }) {
  for (const [key, { is }] of Object.entries(fields)) {
    const given = value[key] ?? (is.sent ? is.silent?.[0] : undefined);
    if (is.wire !== undefined && given !== undefined) put(body, is.wire, is.encode(given));
  }
  return body;
}

/** Reads each field from its place in the Engine API. */
export function decodeMembers(fields: Fields, live: unknown): { [key: string]: unknown } {
  const sent = Object.entries(fields).filter(([, { is }]) => is.wire !== undefined);
  return Object.fromEntries(
    sent.map(([key, { is }]) => {
      const found = valueAt(live, (is.wire ?? "").split(".")) ?? undefined;
      return [key, found === undefined ? is.absent : is.decode(found)];
    }),
  );
}

function put(body: { [key: string]: unknown }, wire: string, value: unknown): void {
  const dot = wire.indexOf(".");
  if (dot < 0) {
    body[wire] = value;
    return;
  }
  const first = wire.slice(0, dot);
  const below = isMap(body[first]) ? { ...body[first] } : {};
  put(below, wire.slice(dot + 1), value);
  body[first] = below;
}

/** The fields with their places moved below another one. */
export function below<S extends Fields>(place: string, fields: S): S {
  const moved = Object.entries(fields).map(([key, field]) => [
    key,
    field.is.wire === undefined ? field : field.to(`${place}.${field.is.wire}`),
  ]);
  return Object.fromEntries(moved) as S;
}

/** The defaults that Check fills in. */
export function defaultsOf(fields: Fields): { [key: string]: unknown } {
  const filled = Object.entries(fields).filter(([, { is }]) => is.presence === "filled");
  return Object.fromEntries(filled.map(([key, { is }]) => [key, is.silent?.[0]]));
}

/** Places of a value that need a newer Docker engine than the API version 1.`api`. */
export function tooNew(
  fields: Fields,
  value: Members,
  api: number,
): { readonly keys: readonly string[]; readonly since: Since }[] {
  return Object.entries(fields).flatMap(([key, field]) =>
    newerIn(field, value[key], api).map(({ keys, since }) => ({ keys: [key, ...keys], since })),
  );
}

function newerIn(
  { is }: Field<unknown, Presence>,
  value: unknown,
  api: number,
): ReturnType<typeof tooNew> {
  if (value === undefined) return [];
  const since = (typeof value === "string" ? is.words?.[value] : undefined) ?? is.since;
  if (since !== undefined && since.api > api) return [{ keys: [], since }];
  if (!isMap(value)) return [];
  const { members, item } = is;
  if (members !== undefined) return tooNew(members, value, api);
  if (item === undefined) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    newerIn(item, member, api).map((newer) => ({ ...newer, keys: [key, ...newer.keys] })),
  );
}
