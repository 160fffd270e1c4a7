import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, type Node, parseDocument } from "yaml";
import { Failure } from "./failure";

/** An encrypted value, and what must stand beside it in the file so that it can be read. */
export interface Encrypted {
  /** Key with its namespace: `swarmyard:apiToken`. */
  readonly key: string;
  readonly secure: string;
  /** Such as `encryptionsalt`; those that the file has already are left alone. */
  readonly top: { readonly [key: string]: string };
}

/**
 * Puts an encrypted value into the text of an environment file. All else stays as it is written:
 * comments, order, quotes and spaces. Pure.
 *
 * @throws Failure when the file is written in a form in which that is not possible
 */
export function withSecret(text: string, { key, secure, top }: Encrypted): string {
  const before = parseDocument(text).toJS() ?? {};
  const missing = Object.entries(top).filter(([name]) => before[name] === undefined);
  const head = missing.map(([name, value]) => `${name}: ${value}\n`).join("");
  const changed = afterDocumentStart(inConfig(text, key, secure), head);
  const expected = {
    ...before,
    ...Object.fromEntries(missing),
    config: { ...before.config, [key]: { secure } },
  };
  const found = parseDocument(changed);
  if (found.errors.length > 0 || !isDeepStrictEqual(found.toJS(), expected)) {
    throw new Failure(
      "The file is written in a form that this command cannot change.",
      `Write below \`config:\`, on lines of its own: ${key}: { secure: "${secure}" }`,
    );
  }
  return changed;
}

function inConfig(text: string, key: string, secure: string): string {
  const contents = parseDocument(text).contents;
  const ended = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  const config: unknown = isMap(contents) ? contents.get("config", true) : undefined;
  if (config === undefined) return `${ended}config:\n${lines("  ", key, secure)}`;
  if (!isMap(config) || config.items.length === 0) {
    const [start, end] = rangeOf(config);
    const first = `\n${lines("  ", key, secure).trimEnd()}`;
    return text.slice(0, start).trimEnd() + first + text.slice(end);
  }
  const old: unknown = config.get(key, true);
  if (old !== undefined) return replaced(text, old, secure);
  const [first] = config.items;
  const start = rangeOf(first?.key)[0];
  const column = start - (text.lastIndexOf("\n", start - 1) + 1);
  const end = rangeOf(config)[1];
  const newline = ended.indexOf("\n", end - 1);
  const at = newline < 0 ? ended.length : newline + 1;
  return `${ended.slice(0, at)}${lines(" ".repeat(column), key, secure)}${ended.slice(at)}`;
}

function lines(indent: string, key: string, secure: string): string {
  return `${indent}${key}:\n${indent}${indent}secure: ${secure}\n`;
}

/** The text with another encrypted value in the place of a value. */
function replaced(text: string, old: unknown, secure: string): string {
  const inner: unknown = isMap(old) && old.items.length === 1 ? old.get("secure", true) : undefined;
  const [start, end] = rangeOf(isScalar(inner) ? inner : old);
  const value = isScalar(inner)
    ? quoted(secure, inner.type)
    : `{ secure: ${JSON.stringify(secure)} }`;
  return text.slice(0, start) + value + text.slice(end);
}

function quoted(secure: string, type: unknown): string {
  if (type === "QUOTE_SINGLE") return `'${secure}'`;
  return type === "PLAIN" ? secure : JSON.stringify(secure);
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as Partial<Node> | undefined)?.range;
  if (range === undefined || range === null) throw new Failure("The file cannot be read as YAML.");
  return [range[0], range[1]];
}

/** Puts lines at the start of a file, behind its comments and `---`. */
function afterDocumentStart(text: string, head: string): string {
  if (head === "") return text;
  const marker = /^---[^\S\n]*\n/m.exec(text);
  const at = marker === null ? 0 : marker.index + marker[0].length;
  return text.slice(0, at) + head + text.slice(at);
}
