import type { Keys } from "../../model/problem";
import { type At, itemsOf, member, type Node, placeText } from "../tree";

/** Remembers which value of a file each value of the spec comes from. */
export class Places {
  private readonly nodes = new Map<string, Node>();

  add(keys: Keys, node: Node | undefined): void {
    if (node !== undefined) this.nodes.set(JSON.stringify(keys), node);
  }

  /** The line of the value at the keys of the spec, or the nearest around it. */
  readonly lineOf = (keys: Keys): string | undefined => {
    for (let length = keys.length; length > 0; length--) {
      const node = this.nodes.get(JSON.stringify(keys.slice(0, length)));
      if (node !== undefined) return placeText(deepest(node, keys.slice(length)));
    }
    return undefined;
  };
}

function deepest(node: Node, keys: Keys): At {
  const [key, ...rest] = keys;
  if (key === undefined) return node.at;
  const below = typeof key === "number" ? itemsOf(node)[key] : member(node, key);
  return below === undefined ? node.at : deepest(below, rest);
}
