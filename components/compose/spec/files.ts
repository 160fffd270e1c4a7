import type { Keys } from "../../model/problem";
import type { FileReference } from "../../model/service/inputs";
import { itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";
import { declares, undeclared } from "./references";
import { given } from "./values";

/** The secrets or configs of a service by the file that each becomes. */
export function filesOf(
  service: Node,
  section: "secrets" | "configs",
  keys: Keys,
  context: Context,
): { readonly [target: string]: FileReference } | undefined {
  const { values, findings } = context;
  const made = new Map<string, FileReference>();
  for (const [index, item] of itemsOf(member(service, section)).entries()) {
    const where = [...keys, section, index];
    const source = values.text(member(item, "source"), [...where, "source"]);
    if (source === undefined) {
      values.wrong(
        item,
        where,
        `the key of one of \`${section}\`, or a map with \`source\``,
        "`source: <key>`",
      );
      continue;
    }
    const target = values.name(member(item, "target"), [...where, "target"]) ?? source;
    if (!declares(context, section, source)) {
      undeclared(item.at, where, source, section, context);
    } else if (made.has(target)) {
      findings.wrong(item.at, where, {
        found: `a second file ${target}`,
        allowed: "one at each path",
        fix: "another `target`",
      });
    } else made.set(target, reference(item, source, where, context));
  }
  return made.size === 0 ? undefined : Object.fromEntries(made);
}

function reference(item: Node, source: string, keys: Keys, { values }: Context): FileReference {
  const id = (key: string) => {
    const node = member(item, key);
    const text = values.name(node, [...keys, key]);
    if (text === undefined || node === undefined || /^\d+$/.test(text)) return text;
    return values.wrong(node, [...keys, key], "a numeric id", '`"1000"`');
  };
  return given({
    source,
    uid: id("uid"),
    gid: id("gid"),
    mode: values.mode(member(item, "mode"), [...keys, "mode"]),
  });
}
