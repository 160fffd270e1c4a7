import type { ServiceSpec } from "../../model/platform/service-spec";
import type { Keys } from "../../model/problem";
import { entriesOf, isNothing, member, type Node } from "../tree";
import type { Context } from "./context";
import { filled } from "./values";

/** The limits of a service or of a build. */
export function ulimitsOf(node: Node, keys: Keys, { values }: Context): ServiceSpec["ulimits"] {
  const entries = entriesOf(member(node, "ulimits")).flatMap(([name, { value }]) => {
    const where = [...keys, "ulimits", name];
    const soft = values.whole(member(value, "soft"), [...where, "soft"], -1);
    const hard = values.whole(member(value, "hard"), [...where, "hard"], -1);
    if (isNothing(member(value, "soft")) && isNothing(member(value, "hard"))) {
      values.wrong(value, where, "a number, or a map with `soft` and `hard`", "`1024`");
    }
    if (soft === undefined && hard === undefined) return [];
    return [[name, { soft: soft ?? hard ?? 0, hard: hard ?? soft ?? 0 }] as const];
  });
  return filled(Object.fromEntries(entries));
}
