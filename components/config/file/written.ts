import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isScalar, isMap as isYamlMap, LineCounter, parseDocument } from "yaml";
import { isMap, type PlainMap } from "../../model/merge";
import type { Problem } from "../../model/problem";
import type { LocatedFile } from "./lines";
import { asPulumi } from "./pulumi-yaml";

// The content of the files, unchecked: the commands need it before they load the schema.

/** Namespace of our values in Pulumi config. */
export const NAMESPACE = "swarmyard";

/** The environment file and, when there is one, the project's. */
export function configFiles(root: string, path: string): readonly LocatedFile[] {
  const project = join(root, "Pulumi.yaml");
  return [path, ...(existsSync(project) ? [project] : [])].map((file) => {
    const counter = new LineCounter();
    const text = readFileSync(file, "utf8");
    const document = parseDocument(text, { lineCounter: counter, ...asPulumi });
    return { path: file, document, counter };
  });
}

/** Files that are not YAML, or whose aliases cannot be followed. */
export function syntaxProblems(file: LocatedFile): readonly Problem[] {
  const { path, document, counter } = file;
  const name = basename(path);
  const errors = document.errors.map((error) => ({
    path: name,
    found: error.message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ?? "an error",
    allowed: "YAML",
    fix: "correct that line",
    line: `${name}:${counter.linePos(error.pos[0]).line}`,
  }));
  return errors.length > 0 ? errors : aliasProblems(file);
}

/** Settings that are not below `config:`, where nobody reads them. The file is valid YAML. */
export function outsideConfig({ path, document, counter }: LocatedFile): readonly Problem[] {
  if (!isYamlMap(document.contents)) return [];
  const name = basename(path);
  return document.contents.items.flatMap(({ key }) => {
    const written = isScalar(key) ? String(key.value) : "";
    if (!isScalar(key) || !written.startsWith(`${NAMESPACE}:`)) return [];
    const line = `${name}:${counter.linePos(key.range?.[0] ?? 0).line}`;
    const found = "a setting beside `config:`, not below it";
    const fix = "indent it, below a line `config:`";
    return [{ path: written, found, allowed: "settings below `config:`", fix, line }];
  });
}

/** A few lines of aliases to aliases can stand for more values than memory holds. */
function aliasProblems({ path, document }: LocatedFile): readonly Problem[] {
  try {
    document.toJS();
    return [];
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const allowed = "aliases of anchors above them, and not many thousand values through them";
    const name = basename(path);
    return [{ path: name, found: error.message, allowed, fix: "write the values out", line: name }];
  }
}

/** Values of Pulumi config by their full keys: those of the environment over those of the project. */
export function configOf(files: readonly LocatedFile[]): PlainMap {
  const [own, project] = files.map(({ document }) => {
    const content: unknown = document.toJS();
    return isMap(content) && isMap(content.config) ? content.config : {};
  });
  const stated = Object.entries(own ?? {}).map(([key, value]) => [namespaced(key), value]);
  return { ...defaultsOf(project ?? {}), ...Object.fromEntries(stated) };
}

/** Pulumi takes a key without a namespace for one of the project. */
function namespaced(key: string): string {
  return key.includes(":") ? key : `${NAMESPACE}:${key}`;
}

/** Defaults of the project: `key: {value: …}` or plain, with or without our namespace. */
function defaultsOf(config: PlainMap): PlainMap {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      namespaced(key),
      isMap(value) && "value" in value
        ? value.value
        : isMap(value) && "default" in value
          ? value.default
          : value,
    ]),
  );
}

/** True for what Pulumi writes in place of a secret value, or for a map that looks like it. Pure. */
export function isEncrypted(value: unknown): value is { readonly secure: string } {
  return isMap(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

// Pulumi writes `v1:…` with a passphrase, and long base64 with a service.
const CIPHERTEXT = /^(v\d+:.*|[A-Za-z0-9+/]{24,}={0,2})$/;

/** True for text that is the encrypted form of a value. Pure. */
export function isCiphertext(text: string): boolean {
  return CIPHERTEXT.test(text);
}
