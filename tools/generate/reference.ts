import type { Fields } from "../../components/model/fields/field";
import { type About, inside, type Schema } from "./schema";

interface Part {
  readonly title: string;
  readonly text: string;
  readonly schema: Schema;
  readonly about: About;
  readonly fields?: Fields;
}

/** docs/reference.md: every key with its type, default and an example. */
export function reference(parts: readonly Part[]): string {
  const sections = parts.map(({ title, text, schema, about, fields }) =>
    [
      `## ${title}`,
      "",
      text,
      "",
      "| key | type | default | example | what it is |",
      "| --- | --- | --- | --- | --- |",
      ...rows(schema, about, "", fields),
    ].join("\n"),
  );
  return [
    "# Reference",
    "",
    "Every key of environment files and platforms. `npm run generate` writes this page from the code.",
    "Durations need a unit (`ms`, `s`, `m`, `h`), and so do sizes (`KiB`, `MiB`, `GiB`). `*` stands for your own name.",
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}

function rows(schema: Schema, about: About, path: string, fields?: Fields): string[] {
  const { anyOf, properties, additionalProperties, items, required = [] } = schema;
  if (anyOf !== undefined) return anyOf.flatMap((one) => rows(one, about, path, fields));
  const { member, item } = inside(about, fields);
  if (typeof additionalProperties === "object")
    return rows(additionalProperties, item, `${path}.*`);
  if (items !== undefined) return rows(items, item, `${path}[]`);
  return Object.entries(properties ?? {}).flatMap(([key, one]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const own = member(key);
    const { text = "", fallback, example } = own.docs ?? {};
    const since = own.field?.is.since;
    const needs = since === undefined ? "" : ` Needs Docker engine ${since.engine} or newer.`;
    const otherwise = required.includes(key) ? "required" : (fallback ?? "none");
    const cells = [
      `\`${at}\``,
      typeText(one),
      otherwise,
      example && `\`${example}\``,
      text + needs,
    ];
    const row = `| ${cells.map((cell) => (cell ?? "").replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
    return [row, ...rows(one, own, at)];
  });
}

function typeText({ anyOf, items, properties, additionalProperties, ...schema }: Schema): string {
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeText))].join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(", ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (items !== undefined) return `list of ${typeText(items)}`;
  if (typeof additionalProperties === "object") return `map of ${typeText(additionalProperties)}`;
  const names: { readonly [type: string]: string } = {
    string: "text",
    integer: "whole number",
    boolean: "`true` or `false`",
    object: "map",
  };
  // What YAML reads as a number or truth value becomes text.
  if (Array.isArray(schema.type)) return "text";
  return names[String(schema.type)] ?? String(schema.type ?? "anything");
}
