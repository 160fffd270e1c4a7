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
  volumes: (item) => textAt(item, "target"),
  secrets: (item) => textAt(item, "source"),
  configs: (item) => textAt(item, "source"),
};

/**
 * Lays a later file over an earlier one, as `docker stack deploy -c` does: maps are merged, lists are
 * joined, ports, mounts, secrets and configs replace those of the same port, path or name, and
 * commands are replaced. `!reset` takes a value away, `!override` replaces it.
 */
export function mergeFiles(base: Node, over: Node, keys: Keys = []): Node {
  if (over.tag === "!override" || over.tag === "!reset") return over;
  if (isNothing(over)) return base;
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over, keys);
  if (base.kind === "list" && over.kind === "list") return mergeLists(base, over, keys);
  return over;
}

function mergeMaps(base: MapNode, over: MapNode, keys: Keys): Node {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    const value =
      before === undefined ? entry.value : mergeFiles(before.value, entry.value, [...keys, key]);
    entries.set(key, { at: entry.at, value });
  }
  return mapNode(entries, over.at);
}

function mergeLists(base: Node, over: Node, keys: Keys): Node {
  const inService = keys[0] === "services" ? keys.slice(2).join(".") : "";
  if (REPLACED.includes(inService)) return itemsOf(over).length === 0 ? base : over;
  const name =
    (Object.hasOwn(NAMED, inService) ? NAMED[inService] : undefined) ??
    ((item: Node) => JSON.stringify(plainOf(item)));
  const later = new Set(itemsOf(over).map(name));
  const kept = itemsOf(base).filter((item) => !later.has(name(item)));
  return listNode([...kept, ...itemsOf(over)], over.at);
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
