import { posix } from "node:path";
import { CONFIG_KEY } from "../../model/config-key";
import type { BuildSecret } from "../../model/platform/build";
import type { ConfigSpec, SecretSpec } from "../../model/platform/spec";
import type { Keys } from "../../model/problem";
import { isNothing, member, type Node } from "../tree";
import type { Context } from "./context";
import { isExternal } from "./external";
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
  const source = sourceOf(node, keys, context);
  return { ...(source ?? { value: UNKNOWN }), ...common };
}

/** Where the content of a secret comes from; undefined when that is wrong. */
export function sourceOf(node: Node, keys: Keys, context: Context): BuildSecret | undefined {
  const environment = secretVariable(node, keys, context);
  if (environment !== undefined) return environment;
  const file = fileOf(node, keys, ["file", "environment"], context);
  return file === undefined ? undefined : { file };
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

function externalName(key: string, node: Node, keys: Keys, context: Context): string | undefined {
  if (!isExternal(node, keys, context)) return undefined;
  return context.values.name(member(node, "name"), [...keys, "name"]) ?? key;
}

const SOURCES = ["file", "content", "environment"];

/** Two sources of one content, of which only one would be read. */
function oneSource(node: Node, keys: Keys, { findings }: Context): void {
  const stated = SOURCES.filter((source) => !isNothing(member(node, source)));
  const [first, second] = stated;
  if (first === undefined || second === undefined) return;
  findings.wrong((member(node, second) ?? node).at, [...keys, second], {
    found: `\`${second}\` beside \`${first}\``,
    allowed: "one source of its content",
    fix: "remove one of them",
  });
}

function commonOf(node: Node, keys: Keys, context: Context): Common {
  const { values } = context;
  oneSource(node, keys, context);
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

/**
 * The secret that `environment` names: a variable, or, when it is not set, the secret of the environment with
 * that key. What an environment file says in clear becomes no secret.
 */
function secretVariable(
  node: Node,
  keys: Keys,
  { values, lookup, findings, request }: Context,
): BuildSecret | undefined {
  const stated = member(node, "environment");
  const name = values.name(stated, [...keys, "environment"]);
  if (name === undefined || stated === undefined) return undefined;
  const value = lookup(name);
  if (request.inClear?.includes(name) === true) {
    findings.wrong(stated.at, [...keys, "environment"], {
      found: `the variable ${name}, whose value is in clear in the environment file`,
      allowed: "a secret of the environment, or a variable of one of `envFiles`",
      fix: `remove ${name} from \`variables\`, then \`npm run secret -- set ${name}\``,
    });
    return { config: name };
  }
  if (value !== undefined) return { value };
  if (!CONFIG_KEY.test(name)) {
    values.wrong(stated, [...keys, "environment"], "a variable that is set", `set ${name}`);
    return { value: UNKNOWN };
  }
  return { config: name };
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
