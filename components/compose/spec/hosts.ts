import type { Keys } from "../../model/problem";
import { entriesOf, type Node } from "../tree";
import type { Context } from "./context";
import { filled } from "./values";

/** Further names and their addresses, in their long form; several addresses of one name have commas between them. */
export function hostsOf(
  node: Node | undefined,
  keys: Keys,
  { values }: Context,
): { readonly [name: string]: string } | undefined {
  const entries = entriesOf(node).flatMap(([name, { value }]) => {
    const addresses = values.texts(value, [...keys, name]) ?? [];
    return addresses.length === 0 ? [] : [[name, addresses.join(", ")] as const];
  });
  return filled(Object.fromEntries(entries));
}
