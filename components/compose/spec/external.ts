import type { Keys } from "../../model/problem";
import { entriesOf, isNothing, member, type Node } from "../tree";
import type { Context } from "./context";

/** Whether something of the file exists already. What else is said about it has no effect, which a warning says. */
export function isExternal(node: Node, keys: Keys, { values, findings }: Context): boolean {
  if (values.flag(member(node, "external"), [...keys, "external"]) !== true) return false;
  for (const [key, { at, value }] of entriesOf(node)) {
    if (["external", "name"].includes(key) || key.startsWith("x-") || isNothing(value)) continue;
    findings.warn(at, [...keys, key], {
      found: `\`${key}\` beside \`external: true\`; what exists is used as it is`,
      allowed: "`external` and `name`",
      fix: `remove \`${key}\`, or \`external\``,
    });
  }
  return true;
}
