import { NAMESPACE_LABEL } from "../../model/platform/names";
import { changed } from "../tree";
import type { LongForm } from "./place";

/** Labels without the one that names the stack: `docker stack deploy` sets it, whatever the file says. */
export const withoutNamespace: LongForm = (node, { findings }, keys) => {
  if (node.kind !== "map" || !node.entries.has(NAMESPACE_LABEL)) return node;
  return changed(node, (value, key) => {
    if (key !== NAMESPACE_LABEL) return value;
    findings.warn(value.at, [...keys, key], {
      found: `the label ${key}, which is always the platform's name, as with \`docker stack deploy\``,
      allowed: "labels of your own",
      fix: "remove it",
    });
    return undefined;
  });
};
