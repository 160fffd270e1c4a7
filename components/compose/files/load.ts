import { posix } from "node:path";
import { longForm } from "../long/service";
import { dotEnvFile } from "../text/env-file";
import { interpolate } from "../text/interpolate";
import { parseYaml } from "../text/parse";
import {
  type At,
  changed,
  entriesOf,
  isNothing,
  itemsOf,
  type MapNode,
  mapNode,
  member,
  type Node,
  scalar,
} from "../tree";
import { mergeFiles, plainOf } from "./merge";
import type { FileSet } from "./request";

/** A file's name in messages: relative to the platform's folder where it is below it. */
export function shownName(path: string, { request }: Pick<FileSet, "request">): string {
  const relative = posix.relative(request.folder, path);
  return relative.startsWith("..") || relative === "" ? path : relative;
}

/** Reads one file: its documents in long form, merged, with what it includes. Undefined when it cannot be read. */
export function loadFile(path: string, set: FileSet, from?: At): MapNode | undefined {
  const { findings, request } = set;
  const file = shownName(path, set);
  const at = from ?? { file, line: 1, column: 1 };
  const text = request.read(path);
  if (text === undefined) {
    const found = `${file}, which cannot be read`;
    findings.wrong(at, [], { found, allowed: "a file", fix: `make ${path}, or name another file` });
    return undefined;
  }
  if (set.chain.includes(path) || set.chain.length > 30) {
    const found = `${file}, which includes itself: ${[...set.chain, path].map((one) => shownName(one, set)).join(" → ")}`;
    findings.wrong(at, [], {
      found,
      allowed: "files that do not lead back to themselves",
      fix: "remove one of these `include` or `extends`",
    });
    return undefined;
  }
  const inner = { ...set, chain: [...set.chain, path] };
  const documents = parseYaml(file, text, findings).flatMap((node) => {
    if (node.kind === "map") return [longOf(node, inner)];
    if (node.kind === "scalar" && node.value === null) return [];
    findings.wrong(node.at, [], {
      found: `a ${node.kind === "list" ? "list" : "single value"}`,
      allowed: "a map with `services`",
      fix: "`services:`",
    });
    return [];
  });
  const [first, ...rest] = documents;
  if (first === undefined) return undefined;
  const [second] = rest;
  if (second !== undefined) {
    findings.warn(second.at, [], {
      found:
        "a second document, which is laid over the first one; `docker stack deploy` leaves it out",
      allowed: "one document in a file",
      fix: "a file of its own, or remove it",
    });
  }
  const merged = rest.reduce<Node>((base, over) => mergeFiles(base, over, set.findings), first);
  return merged.kind === "map" ? withIncluded(merged, inner) : undefined;
}

function longOf(root: Node, set: FileSet): Node {
  const { lookup, findings, request } = set;
  const inKeys = request.variablesInKeys ?? false;
  return withVariables(longForm(interpolate(root, { lookup, inKeys, findings }), set, []), lookup);
}

const SECTIONS = ["services", "networks", "volumes", "secrets", "configs"];

function withIncluded(main: MapNode, set: FileSet): MapNode {
  const include = member(main, "include");
  const included = itemsOf(include).flatMap((item) => loadIncluded(item, set) ?? []);
  return included.reduce((into, more) => {
    const entries = new Map(into.entries);
    for (const section of SECTIONS) {
      const here = entries.get(section);
      const there = more.entries.get(section);
      if (there === undefined) continue;
      if (here === undefined) entries.set(section, there);
      else
        entries.set(section, { at: here.at, value: joined(section, here.value, there.value, set) });
    }
    return mapNode(entries, into.at);
  }, main);
}

function loadIncluded(item: Node, set: FileSet): MapNode | undefined {
  const paths = itemsOf(member(item, "path")).flatMap((path) =>
    path.kind === "scalar" ? path.text : [],
  );
  const [first] = paths;
  if (first === undefined) {
    set.findings.wrong(item.at, ["include"], {
      found: "an entry without a path",
      allowed: "a path, or a map with `path`",
      fix: "`include: [other.yaml]`",
    });
    return undefined;
  }
  const folder = member(item, "project_directory");
  const base = folder?.kind === "scalar" ? folder.text : posix.dirname(first);
  const envFiles = itemsOf(member(item, "env_file")).flatMap((path) =>
    path.kind === "scalar" ? path.text : [],
  );
  const own = variablesOf(envFiles, set, item.at);
  const lookup = (name: string) => set.lookup(name) ?? own.get(name);
  const loaded = paths.flatMap((path) => loadFile(path, { ...set, base, lookup }, item.at) ?? []);
  const [head, ...rest] = loaded;
  const merged = rest.reduce<Node | undefined>(
    (under, over) => (under === undefined ? over : mergeFiles(under, over, set.findings)),
    head,
  );
  return merged?.kind === "map" ? merged : undefined;
}

function joined(section: string, here: Node, there: Node, { findings }: FileSet): Node {
  const entries = new Map(entriesOf(here));
  for (const [key, entry] of entriesOf(there)) {
    const before = entries.get(key);
    if (
      before !== undefined &&
      JSON.stringify(plainOf(before.value)) !== JSON.stringify(plainOf(entry.value))
    ) {
      findings.wrong(entry.at, [section, key], {
        found: `\`${key}\`, which ${before.at.file}:${before.at.line} has too`,
        allowed: "each name once in a file and all that it includes",
        fix: "another name, or a later file of `files` instead of `include`",
      });
    } else entries.set(key, entry);
  }
  return mapNode(entries, here.at);
}

/** Names alone in `environment` with their variables, so that they count over what an earlier file says. */
function withVariables(root: Node, lookup: FileSet["lookup"]): Node {
  const filled = (value: Node, name: string) => {
    const variable = isNothing(value) && value.tag === undefined ? lookup(name) : undefined;
    return variable === undefined ? value : scalar(variable, value.at);
  };
  const inService = (value: Node, key: string) =>
    key === "environment" && value.kind === "map" ? changed(value, filled) : value;
  const inServices = (value: Node) => (value.kind === "map" ? changed(value, inService) : value);
  if (root.kind !== "map") return root;
  return changed(root, (value, key) =>
    key === "services" && value.kind === "map" ? changed(value, inServices) : value,
  );
}

/** Variables of env files, the later ones over the earlier ones. */
export function variablesOf(
  paths: readonly string[],
  set: FileSet,
  from?: At,
): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const path of paths) {
    const file = shownName(path, set);
    const text = set.request.read(path);
    if (text === undefined) {
      const at = from ?? { file, line: 1, column: 1 };
      set.findings.wrong(at, [], {
        found: `${file}, which cannot be read`,
        allowed: "a file with variables",
        fix: `make ${path}`,
      });
      continue;
    }
    for (const { name, value } of dotEnvFile(text, (key) => set.lookup(key) ?? all.get(key))) {
      if (value !== undefined) all.set(name, value);
    }
  }
  return all;
}
