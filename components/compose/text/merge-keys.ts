import type { Findings } from "../findings";
import { type Entry, itemsOf, type MapNode, mapNode, type Node } from "../tree";

/**
 * Fills a map with what its merge keys (`<<`) bring. The map's own keys win. Of several merge keys in
 * one map the last wins, as in PyYAML (Docker refuses them); in a list of maps the first wins.
 */
export function mergeKeys(own: MapNode, merges: readonly Node[], findings: Findings): MapNode {
  if (merges.length === 0) return own;
  const all = new Map<string, Entry>();
  for (const merge of merges) {
    const maps = merge.kind === "list" ? [...itemsOf(merge)].reverse() : [merge];
    for (const map of maps) {
      if (map.kind === "map") for (const [key, entry] of map.entries) all.set(key, entry);
      else refuse(map, findings);
    }
  }
  for (const [key, entry] of own.entries) all.set(key, entry);
  return mapNode(all, own.at);
}

function refuse(node: Node, findings: Findings): void {
  findings.wrong(node.at, [], {
    found: `\`<<\` with ${node.kind === "list" ? "a list inside a list" : "a single value"}`,
    allowed: "a map, or a list of maps",
    fix: "`<<: *name` with the name of a map's anchor",
  });
}
