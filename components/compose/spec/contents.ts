import { posix } from "node:path";
import type { ConfigSpec, SecretSpec } from "../../model/platform/spec";
import type { Keys } from "../../model/problem";
import { member, type Node } from "../tree";
import type { Context } from "./context";
import { given } from "./values";

interface Common {
  readonly name?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly templateDriver?: "golang";
}

/** Stands for a content whose source is wrong, so that what uses it is still checked. */
const UNKNOWN = " ";

/** A secret of the file. */
export function secretOf(key: string, node: Node, context: Context): SecretSpec {
  const keys = ["secrets", key];
  const external = externalName(key, node, keys, context);
  if (external !== undefined) return { external };
  const common = commonOf(node, keys, context);
  const environment = variable(node, keys, context);
  if (environment !== undefined) return { value: environment.value, ...common };
  const file = fileOf(node, keys, ["file", "environment"], context);
  return file === undefined ? { value: UNKNOWN, ...common } : { file, ...common };
}

/** A config of the file. */
export function configOf(key: string, node: Node, context: Context): ConfigSpec {
  const keys = ["configs", key];
  const external = externalName(key, node, keys, context);
  if (external !== undefined) return { external };
  const common = commonOf(node, keys, context);
  const content =
    context.values.text(member(node, "content"), [...keys, "content"]) ??
    variable(node, keys, context)?.value;
  if (content !== undefined) return { content, ...common };
  const file = fileOf(node, keys, ["file", "content", "environment"], context);
  return file === undefined ? { content: UNKNOWN, ...common } : { file, ...common };
}

function externalName(
  key: string,
  node: Node,
  keys: Keys,
  { values }: Context,
): string | undefined {
  if (values.flag(member(node, "external"), [...keys, "external"]) !== true) return undefined;
  return values.name(member(node, "name"), [...keys, "name"]) ?? key;
}

function commonOf(node: Node, keys: Keys, { values }: Context): Common {
  return given({
    name: values.name(member(node, "name"), [...keys, "name"]),
    labels: values.map(member(node, "labels"), [...keys, "labels"]),
    templateDriver: values.word(
      member(node, "template_driver"),
      [...keys, "template_driver"],
      ["golang"],
    ),
  });
}

/** The value of the variable that `environment` names. */
function variable(
  node: Node,
  keys: Keys,
  { values, lookup, findings }: Context,
): { readonly value: string } | undefined {
  const stated = member(node, "environment");
  const name = values.text(stated, [...keys, "environment"]);
  if (name === undefined || stated === undefined) return undefined;
  const value = lookup(name);
  if (value !== undefined) return { value };
  findings.wrong(stated.at, [...keys, "environment"], {
    found: `the variable ${name}, which is not set`,
    allowed: "a variable that is set",
    fix: `set ${name} in a file of the platform's \`envFiles\``,
  });
  return { value: UNKNOWN };
}

function fileOf(
  node: Node,
  keys: Keys,
  sources: readonly string[],
  { values, request, findings }: Context,
): string | undefined {
  const file = member(node, "file");
  const path = values.text(file, [...keys, "file"]);
  if (path === undefined || file === undefined) {
    const list = sources.map((source) => `\`${source}\``).join(", ");
    findings.wrong(node.at, keys, {
      found: "nothing that says where its content comes from",
      allowed: `${list} or \`external: true\``,
      fix: "`file: <path>`",
    });
    return undefined;
  }
  if (request.read(path) === undefined) {
    findings.wrong(file.at, [...keys, "file"], {
      found: `${path}, which cannot be read`,
      allowed: "a file",
      fix: `make ${path}`,
    });
  }
  return posix.relative(request.folder, path);
}
