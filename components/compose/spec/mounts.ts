import { posix } from "node:path";
import { NAMESPACE_LABEL, realName } from "../../model/platform/names";
import type { MountSpec } from "../../model/platform/service-spec";
import type { Keys } from "../../model/problem";
import { entriesOf, isNothing, itemsOf, member, type Node, scalar } from "../tree";
import { bindOf } from "./binds";
import type { Context } from "./context";
import { undeclared } from "./references";
import { filled, given } from "./values";

const TYPES = ["volume", "bind", "tmpfs", "npipe", "cluster"] as const;

type Mounts = { readonly [target: string]: MountSpec };

/** The mounts of a service: `volumes`, `tmpfs` and what `shm_size` becomes. */
export function mountsOf(service: Node, keys: Keys, context: Context): Mounts | undefined {
  const made = new Map<string, MountSpec>();
  const paths = new Set<string>();
  const add = (
    node: Node,
    where: Keys,
    target: string | undefined,
    mount: MountSpec | undefined,
  ) => {
    if (target === undefined || mount === undefined) return;
    const path = posix.normalize(`${target}/`);
    if (!target.startsWith("/")) {
      context.findings.wrong(node.at, where, {
        found: `${JSON.stringify(target)} as a path in the container`,
        allowed: "an absolute path",
        fix: `\`${target}:/path/in/the/container\``,
      });
    } else if (paths.has(path)) {
      context.findings.wrong(node.at, where, {
        found: `a second mount at ${target}`,
        allowed: "one mount at each path",
        fix: "remove one of them",
      });
    } else {
      paths.add(path);
      made.set(target, mount);
    }
  };
  for (const [index, item] of itemsOf(member(service, "volumes")).entries()) {
    const where = [...keys, "volumes", index];
    const target = context.values.text(member(item, "target"), [...where, "target"]);
    const mount = mountOf(item, where, context);
    if (target === undefined && mount !== undefined && isNothing(member(item, "target"))) {
      context.values.wrong(item, where, "a mount with `type` and `target`", "`target: /data`");
    }
    add(item, where, target, mount);
  }
  for (const [index, item] of itemsOf(member(service, "tmpfs")).entries()) {
    const where = [...keys, "tmpfs", index];
    const [target, options] = (context.values.text(item, where) ?? "").split(":");
    add(item, where, target, tmpfs(options ?? "", item, where, context));
  }
  const shm = member(service, "shm_size");
  const size = context.values.size(shm, [...keys, "shm_size"]);
  if (shm !== undefined && size !== undefined && !paths.has("/dev/shm/"))
    add(shm, keys, "/dev/shm", { type: "tmpfs", tmpfs: { size } });
  return made.size === 0 ? undefined : Object.fromEntries(made);
}

function mountOf(item: Node, keys: Keys, context: Context): MountSpec | undefined {
  const { values, findings } = context;
  if (item.kind !== "map" || item.entries.size === 0) return undefined;
  const type = member(item, "type");
  const kind = values.text(type, [...keys, "type"]);
  if (kind === "image") {
    findings.impossible(item.at, keys, {
      found: "a mount of type image; swarm has none, and a Docker engine refuses the service",
      allowed: TYPES.join(", "),
      fix: "a volume, or copy the files at build time",
    });
    return undefined;
  }
  const word = values.word(type ?? scalar(null, item.at), [...keys, "type"], TYPES);
  if (kind === undefined || kind === "")
    values.wrong(type ?? item, keys, "a mount with `type` and `target`", "`type: volume`");
  if (word === undefined) return undefined;
  otherOptions(item, word, keys, context);
  const source = member(item, "source");
  const written = values.text(source, [...keys, "source"]) || undefined;
  const common = {
    type: word,
    source: written,
    readOnly: values.flag(member(item, "read_only"), [...keys, "read_only"]),
  };
  if (word === "npipe") return given(common);
  if (word === "cluster") return clusterVolume(item, common, keys, context);
  if (word === "bind") return bindOf(item, common, keys, context);
  if (word === "tmpfs")
    return given({ ...common, tmpfs: tmpfsOptions(member(item, "tmpfs"), keys, context) });
  if (written === undefined)
    return given({ ...common, volume: volumeOptions(item, {}, keys, context) });
  const declared = member(member(context.root, "volumes"), written);
  if (declared === undefined) {
    undeclared((source ?? item).at, keys, written, "volumes", context);
    return undefined;
  }
  return given({
    ...common,
    volume: volumeOptions(item, labelsOfVolume(declared, written, context), keys, context),
  });
}

/** A cluster volume has no entry in the plan, so its real name stands here; a group has the name that it has. */
function clusterVolume(
  item: Node,
  common: MountSpec,
  keys: Keys,
  context: Context,
): MountSpec | undefined {
  const { values, request, root } = context;
  const { source: key } = common;
  if (key === undefined)
    return values.wrong(item, keys, "a cluster volume with a `source`", "`source: <volume>`");
  if (key.startsWith("group:")) return given(common);
  const declared = member(member(root, "volumes"), key);
  if (declared === undefined) {
    undeclared((member(item, "source") ?? item).at, keys, key, "volumes", context);
    return undefined;
  }
  const where = ["volumes", key];
  const name = values.name(member(declared, "name"), [...where, "name"]);
  const external = values.flag(member(declared, "external"), [...where, "external"]) === true;
  return given({ ...common, source: name ?? (external ? key : realName(request.name, key)) });
}

/** Reports options of another type of mount, which would do nothing. */
function otherOptions(item: Node, type: string, keys: Keys, { findings }: Context): void {
  for (const other of ["bind", "volume", "tmpfs"]) {
    const options = member(item, other);
    const stated = entriesOf(options).filter(([key]) => key !== "selinux");
    if (other === type || options === undefined || stated.length === 0) continue;
    findings.impossible(options.at, [...keys, other], {
      found: `options of type ${other} in a mount of type ${type}, which Docker refuses`,
      allowed: `options of type ${type}`,
      fix: `remove \`${other}\`, or \`type: ${other}\``,
    });
  }
}

/** Docker puts a volume's labels on each mount, from which swarm makes the volume on the node. */
function labelsOfVolume(
  volume: Node,
  key: string,
  { values, request }: Context,
): { readonly [key: string]: string } {
  const keys = ["volumes", key];
  if (values.flag(member(volume, "external"), [...keys, "external"]) === true) return {};
  return {
    ...values.map(member(volume, "labels"), [...keys, "labels"]),
    [NAMESPACE_LABEL]: request.name,
  };
}

function volumeOptions(
  item: Node,
  of: { readonly [key: string]: string },
  keys: Keys,
  { values }: Context,
): MountSpec["volume"] {
  const options = member(item, "volume");
  const labels = { ...of, ...values.map(member(options, "labels"), [...keys, "volume", "labels"]) };
  return filled({
    noCopy: values.flag(member(options, "nocopy"), [...keys, "volume", "nocopy"]),
    subpath: values.text(member(options, "subpath"), [...keys, "volume", "subpath"]),
    labels: filled(labels),
  });
}

function tmpfsOptions(node: Node | undefined, keys: Keys, { values }: Context): MountSpec["tmpfs"] {
  return filled({
    size: values.size(member(node, "size"), [...keys, "tmpfs", "size"]),
    mode: values.mode(member(node, "mode"), [...keys, "tmpfs", "mode"]),
    exec: values.flag(member(node, "exec"), [...keys, "tmpfs", "exec"]),
  });
}

/** `/run:size=64m,mode=1777`. */
function tmpfs(options: string, node: Node, keys: Keys, context: Context): MountSpec {
  const known = new Map<string, Node>();
  let readOnly: boolean | undefined;
  for (const option of options === "" ? [] : options.split(",")) {
    const [name = "", value = ""] = option.split("=");
    if (name === "size") known.set("size", scalar(value, node.at));
    else if (name === "mode") known.set("mode", scalar(Number.parseInt(value, 8), node.at));
    else if (name === "exec" || name === "noexec")
      known.set("exec", scalar(name === "exec", node.at));
    else if (name === "ro") readOnly = true;
    // These are so for every tmpfs of a Docker engine.
    else if (!["rw", "nosuid", "nodev"].includes(name)) {
      context.findings.impossible(node.at, keys, {
        found: `the option \`${option}\`, which swarm's tmpfs does not have`,
        allowed: "size, mode, exec, noexec, ro, rw, nosuid, nodev",
        fix: `remove \`${option}\``,
      });
    }
  }
  const entries = [...known].map(([key, value]) => [key, { at: node.at, value }] as const);
  const map = { kind: "map", entries: new Map(entries), at: node.at, size: 1 } as const;
  return given({
    type: "tmpfs" as const,
    readOnly,
    tmpfs: isNothing(map) ? undefined : tmpfsOptions(map, keys, context),
  });
}
