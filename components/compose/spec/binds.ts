import type { MountSpec } from "../../model/platform/service-spec";
import type { Keys } from "../../model/problem";
import { member, type Node } from "../tree";
import type { Context } from "./context";
import { filled, given } from "./values";

const PROPAGATIONS = ["private", "rprivate", "shared", "rshared", "slave", "rslave"] as const;
const RECURSIONS = ["enabled", "disabled", "writable", "readonly"] as const;

/** What is mounted below the folder: all of it, none, or all of it with its own access or without. */
const RECURSIVE: { readonly [word in (typeof RECURSIONS)[number]]: MountSpec["bind"] } = {
  enabled: {},
  disabled: { nonRecursive: true },
  writable: { readOnlyNonRecursive: true },
  readonly: { readOnlyForceRecursive: true },
};

/** A path of the node in the container. */
export function bindOf(
  item: Node,
  common: MountSpec,
  keys: Keys,
  { values, findings, request }: Context,
): MountSpec | undefined {
  const { source } = common;
  if (source === undefined || source === "")
    return values.wrong(item, keys, "a bind mount with a `source`", "`source: /path/on/the/node`");
  if (/^[A-Za-z]:[\\/]/.test(source)) {
    const found = `${JSON.stringify(source)}, a path of Windows`;
    findings.wrong(item.at, keys, {
      found,
      allowed: "a path of a Linux node",
      fix: "`/srv/data`, or a volume",
    });
    return undefined;
  }
  if (source === request.folder || source.startsWith(`${request.folder}/`)) {
    findings.warn(item.at, keys, {
      found: `${source}, a path of this machine, which the nodes do not have`,
      allowed: "a path that each node has",
      fix: "a config, a secret, or a volume with `seed` in the environment file",
    });
  }
  const at = (key: string) => [member(member(item, "bind"), key), [...keys, "bind", key]] as const;
  return given({
    ...common,
    bind: filled({
      propagation: values.word(...at("propagation"), PROPAGATIONS),
      create: values.flag(...at("create_host_path")) || undefined,
      ...RECURSIVE[values.word(...at("recursive"), RECURSIONS) ?? "enabled"],
    }),
  });
}
