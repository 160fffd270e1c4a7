import {
  mapNode,
  mapOf,
  member,
  type Node,
  type ScalarNode,
  scalar,
  shown,
  withTag,
} from "../tree";
import { absolute, type LongForm, type Place } from "./place";

const PROPAGATIONS = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];
const ACCESS = ["ro", "rw"];
const NO_COPY = ["nocopy", "volume-nocopy"];
/** For SELinux and Docker Desktop; without a meaning in a swarm. */
const WITHOUT_MEANING = ["z", "Z", "cached", "delegated", "consistent", "default"];

/** A mount as a map; relative paths of this machine become absolute. */
export const volume: LongForm = (node, place, keys) => {
  if (node.kind === "map") return longVolume(node, place);
  if (node.kind !== "scalar") return node;
  const parts = split(node.text);
  const [first = "", target, options = "", ...more] = parts;
  const text = (value: string) => scalar(value, node.at);
  if (parts.some((part) => part === "") || more.length > 0) {
    place.findings.wrong(node.at, keys, {
      found: shown(node),
      allowed: "`[source:]target[:options]`, such as `data:/data:ro`",
      fix: "`data:/data`",
    });
    return mapNode([], node.at);
  }
  if (target === undefined) return mapOf({ type: text("volume"), target: text(first) }, node.at);
  const isPath = /^(?:[./~]|[A-Za-z]:[\\/])/.test(first);
  return mapOf(
    {
      type: text(isPath ? "bind" : "volume"),
      source: text(isPath ? absolute(first, place) : first),
      target: text(target),
      ...optionsOf(node, options, place, keys),
    },
    node.at,
  );
};

/** Splits at colons, but not after the letter of a Windows drive: `c:/data` is a volume, `c:/data:/data` a path. */
function split(text: string): readonly string[] {
  const drive = /^[A-Za-z]:(?:\\|\/(?=[^:]*:\/))/.exec(text)?.[0] ?? "";
  const [first = "", ...rest] = text.slice(drive.length).split(":");
  return [drive + first, ...rest];
}

function optionsOf(
  node: ScalarNode,
  options: string,
  { findings }: Place,
  keys: readonly (string | number)[],
): { readonly [key: string]: Node } {
  const made: { [key: string]: Node } = {};
  for (const option of options === "" ? [] : options.split(",")) {
    const flag = (key: string, value: string | true) =>
      mapOf({ [key]: scalar(value, node.at) }, node.at);
    if (ACCESS.includes(option)) made.read_only = scalar(option === "ro", node.at);
    else if (NO_COPY.includes(option)) made.volume = flag("nocopy", true);
    else if (PROPAGATIONS.includes(option)) made.bind = flag("propagation", option);
    else {
      findings.warn(node.at, keys, {
        found: `the option \`${option}\`, which swarm does not have; Docker leaves it out`,
        allowed: [...ACCESS, "nocopy", ...PROPAGATIONS].join(", "),
        fix: WITHOUT_MEANING.includes(option) ? `remove \`${option}\`` : "one of these",
      });
    }
  }
  return made;
}

function longVolume(node: Extract<Node, { readonly kind: "map" }>, place: Place): Node {
  const source = member(node, "source");
  const type = member(node, "type");
  if (
    source?.kind !== "scalar" ||
    type?.kind !== "scalar" ||
    type.value !== "bind" ||
    source.text === ""
  )
    return node;
  const entries = new Map(node.entries);
  entries.set("source", { at: source.at, value: scalar(absolute(source.text, place), source.at) });
  return withTag(mapNode(entries, node.at), node.tag);
}
