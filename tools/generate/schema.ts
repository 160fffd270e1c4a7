import { z } from "zod";
import type { Field, Fields, Presence } from "../../components/model/fields/field";
import type { Docs } from "./docs";

/** A JSON Schema, as far as it is used here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** What is known about a field in addition to its schema. */
export interface About {
  readonly docs?: Docs;
  readonly field?: Field<unknown, Presence>;
}

/** The JSON Schema of what may be written, without comments. */
export function bare(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
}

/** The sentence, the default, the example and the Docker engine that a field needs. */
export function described({ docs, field }: About): string | undefined {
  const { text = "", fallback, example } = docs ?? {};
  const since = field?.is.since;
  const parts = [
    text,
    fallback === undefined ? "" : `Default: ${fallback}.`,
    example === undefined ? "" : `Example: ${example}`,
    since === undefined ? "" : `Needs Docker engine ${since.engine} or newer.`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts.join(" ");
}

/** What is known about the fields inside a field. */
export function inside({ docs, field }: About, fields?: Fields) {
  const members = fields ?? field?.is.members;
  return {
    member: (key: string): About => ({ docs: docs?.members[key], field: members?.[key] }),
    item: { docs: docs?.item, field: field?.is.item } satisfies About,
  };
}

/** The schema with the comments of its fields. `changes`: no key is required, and null removes one. */
export function documented(
  schema: Schema,
  about: About,
  changes: boolean,
  fields?: Fields,
): Schema {
  const { member, item } = inside(about, fields);
  const below = (one: Schema, of: About): Schema => {
    const made = documented(one, of, changes);
    return changes ? { anyOf: [made, { type: "null" }] } : made;
  };
  const { required, properties, additionalProperties, items, anyOf, ...rest } = schema;
  const entries = Object.entries(properties ?? {});
  return {
    description: described(about),
    ...rest,
    ...(required === undefined || changes ? {} : { required }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            entries.map(([key, one]) => [key, below(one, member(key))]),
          ),
        }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === "boolean"
              ? additionalProperties
              : below(additionalProperties, item),
        }),
    ...(items === undefined ? {} : { items: documented(items, item, false) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map((one) => documented(one, about, changes)) }),
  };
}
