import type { Keys } from "../../model/problem";
import { isSecretName } from "../../model/secret-names";
import { shownName } from "../files/load";
import { dotEnvFile, rawEnvFile } from "../text/env-file";
import { type At, entriesOf, itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";

type Environment = { readonly [name: string]: string | null };

/** The environment of a service: its env files, then `environment`. A name alone takes the variable's value. */
export function environmentOf(
  service: Node,
  keys: Keys,
  context: Context,
): Environment | undefined {
  const all = new Map<string, string | null>();
  const { values } = context;
  for (const [index, file] of itemsOf(member(service, "env_file")).entries()) {
    for (const [name, value] of fileEntries(file, [...keys, "env_file", index], context))
      all.set(name, value);
  }
  const stated = member(service, "environment");
  for (const [name, { at, value }] of entriesOf(stated)) {
    const where = [...keys, "environment", name];
    if (name === "" || name.includes("=")) {
      context.findings.wrong(at, where, {
        found: `the name ${JSON.stringify(name)}`,
        allowed: "a name without `=`",
        fix: "`NAME: value`",
      });
    } else
      all.set(
        name,
        filledIn(name, values.text(value, where), { at, keys: where }, context) ?? null,
      );
  }
  return all.size === 0 ? undefined : Object.fromEntries(all);
}

/** A name alone takes the value of its variable; so does empty text, as with Docker. */
function filledIn(
  name: string,
  value: string | undefined,
  { at, keys }: { readonly at: At; readonly keys: Keys },
  { lookup, findings }: Context,
): string | undefined {
  const variable = lookup(name);
  if (value === "" && variable !== undefined && variable !== "") {
    findings.warn(at, keys, {
      found: `${name} with empty text; it takes the variable ${name}, as with \`docker stack deploy\``,
      allowed: "a value, or the name alone, which takes the variable",
      fix: `\`${name}\` alone, or no variable ${name}`,
    });
    return variable;
  }
  return value ?? variable;
}

function fileEntries(
  file: Node,
  keys: Keys,
  context: Context,
): readonly (readonly [string, string | null])[] {
  const { values, request, findings, lookup } = context;
  const path = values.text(member(file, "path"), keys);
  if (path === undefined) return [];
  const required = values.flag(member(file, "required"), [...keys, "required"]) ?? true;
  const format = values.word(member(file, "format"), [...keys, "format"], ["raw"]);
  const text = request.read(path);
  if (text === undefined) {
    if (required) {
      findings.wrong(file.at, keys, {
        found: `${path}, which cannot be read`,
        allowed: "a file with variables",
        fix: `make ${path}, or \`required: false\``,
      });
    }
    return [];
  }
  // The map is compose's own form, with compose's rules; Docker's form takes each line as it is.
  const compose = file.kind === "map" && file.entries.size > 1 && format === undefined;
  const lines = compose ? dotEnvFile(text, lookup) : rawEnvFile(text);
  return lines.flatMap(({ name, value, line }) => {
    const at = { file: shownName(path, { request }), line, column: 1 };
    if (name === "" || /\s/.test(name)) {
      findings.wrong(at, [], {
        found: `the name ${JSON.stringify(name.slice(0, 60))}`,
        allowed: "NAME=value, without spaces in the name",
        fix: "`NAME=value`",
      });
      return [];
    }
    if (!compose && format === undefined && value !== undefined && /^(["']).*\1\s*$/.test(value)) {
      findings.warn(at, [], {
        found: `${name} with quotes, which Docker keeps`,
        allowed: "the value alone",
        fix: `the value without its quotes, or \`required: true\` beside \`path\` for compose's rules`,
      });
    }
    const set = compose
      ? (value ?? lookup(name))
      : filledIn(name, value, { at, keys: [] }, context);
    if (set) warnOfSecret(name, at, context);
    // A name alone in a file is left out when there is no such variable, as Docker does.
    return set === undefined ? [] : [[name, set] as const];
  });
}

/** A secret does not belong in a variable. Its value is never printed. */
function warnOfSecret(name: string, at: At, { findings }: Context): void {
  if (!isSecretName(name)) return;
  findings.warn(at, [], {
    found: `${name}, whose value is in clear in the state, in previews and in \`docker service inspect\``,
    allowed: "no secret in a variable",
    fix: `\`secrets\`, and ${name}_FILE where the image reads a file`,
  });
}

/** Labels of a container: its label files, then `labels`. */
export function labelsOf(
  service: Node,
  keys: Keys,
  context: Context,
): { readonly [key: string]: string } | undefined {
  const { values, request, findings } = context;
  const files = itemsOf(member(service, "label_file")).flatMap((file, index) => {
    const where = [...keys, "label_file", index];
    const path = values.text(file, where) ?? "";
    const text = request.read(path);
    if (text === undefined)
      findings.wrong(file.at, where, {
        found: `${path}, which cannot be read`,
        allowed: "a file with labels",
        fix: `make ${path}`,
      });
    return rawEnvFile(text ?? "").map(({ name, value = "" }) => [name, value] as const);
  });
  const stated = values.map(member(service, "labels"), [...keys, "labels"]);
  if (files.length === 0) return stated;
  return { ...Object.fromEntries(files), ...stated };
}
