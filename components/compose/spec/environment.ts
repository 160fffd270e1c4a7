import type { Keys } from "../../model/problem";
import { envFileEntries, filledIn } from "../files/env-files";
import { rawEnvFile } from "../text/env-file";
import { entriesOf, itemsOf, member, type Node } from "../tree";
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
    for (const [name, value] of envFileEntries(file, [...keys, "env_file", index], context))
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
