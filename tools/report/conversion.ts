import type { ComposeSource, Conversion } from "../../components/compose/read-compose";
import { isMap } from "../../components/model/merge";
import { printable } from "../../components/model/printable";
import { formatProblem, pathText } from "../../components/model/problem";

/** What became of compose files: each key, then what is wrong, then the platform in TypeScript. Pure. */
export function conversionText({ spec, problems, warnings, conversions }: ComposeSource): string {
  const rows = conversions.map((one) => [placeOf(one), pathText(one.keys), one.verdict, one.note]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const parts = [
    // Keys of the files are in it.
    ...(lines.length === 0 ? [] : [printable(lines.join("\n"))]),
    ...warnings.map((warning) => `warning: ${formatProblem(warning)}`),
    ...problems.map(formatProblem),
    ...(spec === undefined || problems.length > 0 ? [] : [platformText(spec)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function placeOf({ at }: Conversion): string {
  return `${at.file}:${at.line}`;
}

/** A platform's index.ts. Values of secrets do not appear: each line says where to put one. Pure. */
export function platformText(spec: object): string {
  const { folder: _, ...fields } = withoutSecrets(spec);
  const body = literal({ ...fields }, 1).replace(/^\{\n/, "");
  return [
    'import type { PlatformSpec } from "../../components/model/platform/spec";',
    "",
    "export const platform: PlatformSpec = {",
    "  folder: __dirname,",
    body,
  ].join("\n");
}

/** A value that compose took from the environment becomes a key of Pulumi config. */
function withoutSecrets(spec: object): { readonly [key: string]: unknown } {
  const fields: { readonly [key: string]: unknown } = { ...spec };
  if (!isMap(fields.secrets)) return fields;
  const secrets = Object.entries(fields.secrets).map(([key, secret]) => {
    if (!isMap(secret) || !("value" in secret)) return [key, secret] as const;
    const { value: __, ...rest } = secret;
    return [key, { config: key, ...rest }] as const;
  });
  return { ...fields, secrets: Object.fromEntries(secrets) };
}

/** A value as TypeScript, indented. */
function literal(value: unknown, depth: number): string {
  const inner = "  ".repeat(depth);
  const end = "  ".repeat(depth - 1);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${value.map((item) => literal(item, depth)).join(", ")}]`;
  }
  if (!isMap(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return "{}";
  const lines = members.map(
    ([key, member]) => `${inner}${keyText(key)}: ${literal(member, depth + 1)},`,
  );
  return `{\n${lines.join("\n")}\n${end}}${depth === 1 ? ";" : ""}`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
