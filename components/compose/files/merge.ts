import type { Findings } from "../findings";
import {
  entriesOf,
  isNothing,
  itemsOf,
  listNode,
  type MapNode,
  mapNode,
  member,
  type Node,
  untagged,
} from "../tree";

type Keys = readonly (string | number)[];

/** Lists of a service of which the later file's replaces the earlier one's. */
const REPLACED = ["command", "entrypoint", "healthcheck.test"];
/** Lists whose items have a name: the later file's item replaces the one of the same name. */
const NAMED: { readonly [list: string]: (item: Node) => string } = {
  ports: portName,
  volumes: (item) => textAt(item, "target").replace(/(?<=.)\/+$/, ""),
  secrets: (item) => textAt(item, "source"),
  configs: (item) => textAt(item, "source"),
};

const SECTIONS = ["networks", "volumes", "secrets", "configs"];

/**
 * Lays a later file over an earlier one, as `docker stack deploy -c` does: maps are merged, lists are
 * joined, ports, mounts, secrets and configs replace those of the same port, path or name, commands are
 * replaced, and so are whole entries of networks, volumes, secrets and configs. `!reset` takes a value
 * away, `!override` replaces it. What is lost with an entry is a warning.
 */
export function mergeFiles(base: Node, over: Node, findings: Findings): Node {
  return merged(base, over, [], findings);
}

function merged(base: Node, over: Node, keys: Keys, findings: Findings): Node {
  if (over.tag === "!override" || over.tag === "!reset") return over;
  const [section = "", key] = keys;
  if (keys.length === 2 && SECTIONS.includes(String(section))) {
    warnOfLoss(base, over, [section, key ?? ""], findings);
    return over;
  }
  if (isNothing(over)) return base;
  if (base.kind === "map" && over.kind === "map") {
    if (isOtherLogging(base, over, keys)) return over;
    return mergeMaps(withoutLostAliases(base, over, keys, findings), over, keys, findings);
  }
  if (base.kind === "list" && over.kind === "list") return mergeLists(base, over, keys);
  return over;
}

function warnOfLoss(base: Node, over: Node, keys: Keys, findings: Findings): void {
  const lost = entriesOf(base).flatMap(([key, { value }]) =>
    isNothing(value) || member(over, key) !== undefined ? [] : `\`${key}\``,
  );
  if (lost.length === 0) return;
  findings.warn(over.at, keys, {
    found: `an entry that replaces the one of ${base.at.file}:${base.at.line}, without its ${lost.join(", ")}, as with \`docker stack deploy\``,
    allowed: "an entry that says everything",
    fix: `${lost.join(", ")} here too, or remove the entry from this file`,
  });
}

/** A later file's way of joining a network says all aliases, also when it says none. */
function withoutLostAliases(base: MapNode, over: MapNode, keys: Keys, findings: Findings): MapNode {
  const [section, , part] = keys;
  const isAttachment = keys.length === 4 && section === "services" && part === "networks";
  const lost = isAttachment && over.entries.get("aliases") === undefined;
  const names = lost ? itemsOf(member(base, "aliases")).map((item) => `\`${plainOf(item)}\``) : [];
  if (names.length === 0) return base;
  findings.warn(over.at, keys, {
    found: `a network without the aliases ${names.join(", ")} of ${base.at.file}:${base.at.line}, as with \`docker stack deploy\``,
    allowed: "`aliases` here too, or nothing but the network's key",
    fix: `\`${keys[3]}:\` without a value keeps them`,
  });
  const kept = [...base.entries].filter(([key]) => key !== "aliases");
  return mapNode(new Map(kept), base.at);
}

/** Options of one logging driver mean nothing to another one. */
function isOtherLogging(base: MapNode, over: MapNode, keys: Keys): boolean {
  const [before, after] = [textAt(base, "driver"), textAt(over, "driver")];
  return inService(keys) === "logging" && before !== "" && after !== "" && before !== after;
}

function mergeMaps(base: MapNode, over: MapNode, keys: Keys, findings: Findings): Node {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    const value =
      before === undefined
        ? entry.value
        : merged(before.value, entry.value, [...keys, key], findings);
    entries.set(key, { at: entry.at, value });
  }
  return mapNode(entries, over.at);
}

/** Path of a value in its service; empty outside of services. */
function inService(keys: Keys): string {
  return keys[0] === "services" ? keys.slice(2).join(".") : "";
}

function mergeLists(base: Node, over: Node, keys: Keys): Node {
  const place = inService(keys);
  if (/^networks\..*\.aliases$/.test(place)) return over;
  if (REPLACED.includes(place)) return itemsOf(over).length === 0 ? base : over;
  const name = Object.hasOwn(NAMED, place) ? NAMED[place] : undefined;
  if (name === undefined) {
    const before = new Set(itemsOf(base).map(textOf));
    const more = itemsOf(over).filter((item) => !before.has(textOf(item)));
    return listNode([...itemsOf(base), ...more], over.at);
  }
  const later = new Set(itemsOf(over).map(name));
  const kept = itemsOf(base).filter((item) => !later.has(name(item)));
  return listNode([...kept, ...itemsOf(over)], over.at);
}

function textOf(item: Node): string {
  return JSON.stringify(plainOf(item));
}

/** Docker keeps apart published ports only by their number; ours also by protocol and address. */
function portName(item: Node): string {
  const published = textAt(item, "published");
  const port = published === "" ? `:${textAt(item, "target")}` : published;
  return [port, textAt(item, "protocol") || "tcp", textAt(item, "host_ip")].join("/");
}

function textAt(item: Node, key: string): string {
  const value = member(item, key);
  return value?.kind === "scalar" ? value.text : "";
}

/** Takes what a `!reset` marks away, and the marks. */
export function settled(node: Node): Node {
  if (node.kind === "scalar") return untagged(node);
  if (node.kind === "list") {
    const items = node.items.filter(({ tag }) => tag !== "!reset").map(settled);
    return listNode(items, node.at);
  }
  const entries = entriesOf(node).flatMap(([key, { at, value }]) =>
    value.tag === "!reset" ? [] : [[key, { at, value: settled(value) }] as const],
  );
  return mapNode(entries, node.at);
}

/** The values without their places. */
export function plainOf(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plainOf);
  return Object.fromEntries(entriesOf(node).map(([key, { value }]) => [key, plainOf(value)]));
}
