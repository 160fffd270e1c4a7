import type { Keys } from "../../model/problem";
import { isSecretName } from "../../model/secret-names";
import { Findings } from "../findings";
import { Values } from "../spec/values";
import { dotEnvFile, rawEnvFile } from "../text/env-file";
import {
  type At,
  changed,
  type Entry,
  entriesOf,
  isNothing,
  itemsOf,
  mapNode,
  member,
  type Node,
  scalar,
  withTag,
} from "../tree";
import { shownName } from "./load";
import type { FileSet } from "./request";

/** What reading an env file needs. */
type Reading = Pick<FileSet, "request" | "findings" | "lookup">;

/** A name alone takes the value of its variable; so does empty text, as with Docker. */
export function filledIn(
  name: string,
  value: string | undefined,
  { at, keys }: { readonly at: At; readonly keys: Keys },
  { lookup, findings }: Reading,
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

/** The variables of an env file of a service; what is wrong with it is reported. */
export function envFileEntries(
  file: Node,
  keys: Keys,
  context: Reading,
): readonly (readonly [string, string | null])[] {
  const { request, findings, lookup } = context;
  const values = new Values(findings);
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
function warnOfSecret(name: string, at: At, { findings }: Reading): void {
  if (!isSecretName(name)) return;
  findings.warn(at, [], {
    found: `${name}, whose value is in clear in the state, in previews and in \`docker service inspect\``,
    allowed: "no secret in a variable",
    fix: `\`secrets\`, and ${name}_FILE where the image reads a file`,
  });
}

/**
 * Two files with their env files read, where the later one is laid over the earlier one: Docker reads the env files
 * of each file before it merges them, so that a later file's env file counts over an earlier file's `environment`.
 */
export function withEnvFiles(base: Node, over: Node, set: Reading): readonly [Node, Node] {
  const later = member(over, "services");
  const read = (service: Node, name: string) => {
    const other = member(later, name);
    const files = member(other, "env_file");
    // The later file does without the earlier one's env files.
    const left = files?.tag !== undefined;
    return other === undefined || left ? service : withEnvFile(service, name, set);
  };
  return [
    inServices(base, read),
    inServices(over, (service, name) => withEnvFile(service, name, set)),
  ];
}

function inServices(file: Node, change: (service: Node, name: string) => Node): Node {
  if (file.kind !== "map") return file;
  return changed(file, (value, key) =>
    key === "services" && value.kind === "map" ? changed(value, change) : value,
  );
}

/** A service with the variables of its env files below `environment`. */
function withEnvFile(service: Node, name: string, set: Reading): Node {
  const files = itemsOf(member(service, "env_file"));
  const stated = member(service, "environment");
  const readable = stated === undefined || stated.kind === "map" || isNothing(stated);
  if (service.kind !== "map" || files.length === 0 || !readable) return service;
  // What is wrong with the files is reported when the whole service is translated.
  const quiet = { ...set, findings: new Findings(false) };
  const all = new Map<string, Entry>();
  for (const [index, file] of files.entries()) {
    for (const [key, value] of envFileEntries(file, ["services", name, "env_file", index], quiet))
      all.set(key, { at: file.at, value: scalar(value, file.at) });
  }
  for (const [key, entry] of entriesOf(stated)) all.set(key, entry);
  const value = withTag(mapNode(all, stated?.at ?? service.at), stated?.tag);
  const entries = new Map(service.entries).set("environment", { at: value.at, value });
  return withTag(mapNode(entries, service.at), service.tag);
}
