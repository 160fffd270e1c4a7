import {
  changed,
  isNothing,
  itemsOf,
  listNode,
  mapNode,
  mapOf,
  type Node,
  scalar,
  untagged,
  withTag,
} from "../tree";
import type { LongForm } from "./place";

/** A list of `key=value` as a map; `alone` is what a key without a value gets. */
export function pairs(separator: RegExp, alone: "" | null): LongForm {
  return (node, { findings }, keys) => {
    if (node.kind !== "list") return node;
    const entries = node.items.flatMap((item, index) => {
      if (item.kind !== "scalar" || item.value === null) {
        findings.wrong(item.at, [...keys, index], {
          found: item.kind === "scalar" ? "nothing" : `a ${item.kind}`,
          allowed: "text such as `KEY=value`",
          fix: "`KEY=value`, or a map instead of the list",
        });
        return [];
      }
      const text = item.text;
      const cut = separator.exec(text);
      const key = cut === null ? text : text.slice(0, cut.index);
      const value =
        cut === null ? scalar(alone, item.at) : scalar(text.slice(cut.index + 1), item.at);
      return [[key, { at: item.at, value }] as const];
    });
    return withTag(mapNode(entries, node.at), node.tag);
  };
}

/** A map of texts, in which a key without a value means empty text, also over an earlier file's value. */
export const texts: LongForm = (node) =>
  node.kind === "map"
    ? changed(node, (value) =>
        isNothing(value) && value.tag === undefined ? scalar("", value.at) : value,
      )
    : node;

/** Names and addresses: `host:ip` or `host=ip`; a name can have several addresses. */
export const hostAddresses: LongForm = (node, place, keys) => {
  const bare = (address: Node): Node =>
    address.kind === "scalar"
      ? scalar(address.text.trim().replace(/^\[(.*)\]$/, "$1"), address.at)
      : address;
  const all = new Map<string, Node[]>();
  const single = node.kind === "list" ? node.items : [];
  for (const item of single) {
    const map = pairs(/[=:]/, "")(listNode([item], item.at), place, keys);
    if (map.kind !== "map") continue;
    for (const [name, { value }] of map.entries) {
      all.set(name.trim(), [...(all.get(name.trim()) ?? []), bare(value)]);
    }
  }
  if (node.kind === "map") {
    for (const [name, { value }] of node.entries) {
      all.set(name, (value.kind === "list" ? value.items : [value]).map(bare));
    }
  } else if (node.kind === "scalar") return node;
  const entries = [...all].map(([name, items]) => {
    const value = listNode(items, items[0]?.at ?? node.at);
    return [name, { at: value.at, value }] as const;
  });
  return withTag(mapNode(entries, node.at), node.tag);
};

/** One value as a list of one. */
export const several: LongForm = (node) =>
  node.kind === "list" || isNothing(node)
    ? node
    : withTag(listNode([untagged(node)], node.at), node.tag);

/** A list of names as a map with what `make` says of each. */
export function named(make: (item: Node) => Node): LongForm {
  return (node, { findings }, keys) => {
    if (node.kind !== "list") return node;
    const entries = itemsOf(node).flatMap((item, index) => {
      if (item.kind === "scalar" && item.value !== null)
        return [[item.text, { at: item.at, value: make(item) }] as const];
      findings.wrong(item.at, [...keys, index], {
        found: item.kind === "scalar" ? "nothing" : `a ${item.kind}`,
        allowed: "a name",
        fix: item.kind === "map" ? "a map instead of the list: no `- ` before names" : "a name",
      });
      return [];
    });
    return withTag(mapNode(entries, node.at), node.tag);
  };
}

/** A single value as a map with one key. */
export function under(key: string): LongForm {
  return (node) =>
    node.kind === "scalar" && node.value !== null
      ? mapOf({ [key]: untagged(node) }, node.at, node.tag)
      : node;
}

/** Applies a form to each item of a list. */
export function each(form: LongForm): LongForm {
  return (node, place, keys) =>
    node.kind === "list"
      ? withTag(
          listNode(
            node.items.map((item, index) => form(item, place, [...keys, index])),
            node.at,
          ),
          node.tag,
        )
      : node;
}

/** One form after the other. */
export function both(first: LongForm, second: LongForm): LongForm {
  return (node, place, keys) => second(first(node, place, keys), place, keys);
}
