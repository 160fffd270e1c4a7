import { z } from "zod";

type Type = z.core.$ZodType;

/**
 * Every form that a schema lets a person write: the path of each field, with each word of a choice,
 * both truth values, and each alternative of a union. Keys of maps are `*`, items of lists `[]`.
 */
export function formsOf(schema: Type, path = ""): readonly string[] {
  return walk(schema, path, undefined);
}

/** The forms of a schema that a value uses. */
export function formsIn(schema: Type, value: unknown, path = ""): readonly string[] {
  return value === undefined ? [] : walk(schema, path, { value });
}

/** With a value its own forms only, without one all of them. */
function walk(schema: Type, path: string, given: { value: unknown } | undefined): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return walk(schema.unwrap() as Type, path, given);
  }
  // A map that is checked as a whole.
  if (schema instanceof z.ZodPipe && schema.in instanceof z.ZodObject) {
    return walk(schema.in, path, given);
  }
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as { [key: string]: Type });
    return fields.flatMap(([key, field]) => {
      const inner = path === "" ? key : `${path}.${key}`;
      if (given === undefined) return walk(field, inner, undefined);
      const value = (given.value as { [key: string]: unknown })[key];
      return value === undefined ? [] : walk(field, inner, { value });
    });
  }
  if (schema instanceof z.ZodRecord || schema instanceof z.ZodArray) {
    const isList = schema instanceof z.ZodArray;
    const member = (isList ? schema.element : schema.valueType) as Type;
    const inner = isList ? `${path}[]` : `${path}.*`;
    if (given === undefined) return walk(member, inner, undefined);
    return Object.values(given.value as object).flatMap((value) => walk(member, inner, { value }));
  }
  if (schema instanceof z.ZodUnion) return alternatives(schema, path, given);
  if (schema instanceof z.ZodEnum) {
    const words = given === undefined ? schema.options : [given.value];
    return words.map((word) => `${path} = ${word}`);
  }
  if (schema instanceof z.ZodBoolean) {
    const values = given === undefined ? [true, false] : [given.value];
    return values.map((value) => `${path} = ${value}`);
  }
  if (schema instanceof z.ZodNull) return [`${path} = null`];
  return [path];
}

function alternatives(
  schema: z.ZodUnion,
  path: string,
  given: { value: unknown } | undefined,
): string[] {
  const options = schema.options as readonly Type[];
  if (given === undefined) return options.flatMap((option) => walk(option, path, undefined));
  const fitting = options.find((option) => z.safeParse(option, given.value).success);
  return fitting === undefined ? [] : walk(fitting, path, given);
}
