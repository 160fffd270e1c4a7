import type { Keys } from "../../../model/problem";
import { capabilityName } from "../../../model/service/capability-name";
import type { TaskInputs } from "../../../model/service/inputs";
import { member, type Node } from "../../tree";
import type { Context } from "../context";

const ALL = "ALL";

/** What a container may do more and less: ALL stands for every other one, and adding wins, as with Docker. */
export function capabilitiesOf(
  service: Node,
  keys: Keys,
  context: Context,
): Pick<TaskInputs, "capAdd" | "capDrop"> {
  const added = namesAt(service, "cap_add", keys, context);
  const dropped = namesAt(service, "cap_drop", keys, context);
  const given = new Set(added?.map(capabilityName));
  const both = dropped?.filter((name) => given.has(capabilityName(name))) ?? [];
  if (both.length === 0) return { capAdd: added, capDrop: dropped };
  const node = member(service, "cap_drop") ?? service;
  context.findings.warn(node.at, [...keys, "cap_drop"], {
    found: `${both.join(", ")}, which \`cap_add\` gives; adding wins, as with Docker`,
    allowed: "a capability in one of both",
    fix: "remove it from one of both",
  });
  const rest = dropped?.filter((name) => !both.includes(name));
  return { capAdd: added, capDrop: rest?.length === 0 ? undefined : rest };
}

function namesAt(
  service: Node,
  key: "cap_add" | "cap_drop",
  keys: Keys,
  { values }: Context,
): readonly string[] | undefined {
  const names = values.texts(member(service, key), [...keys, key]);
  return names?.some((name) => capabilityName(name) === ALL) ? [ALL] : names;
}
