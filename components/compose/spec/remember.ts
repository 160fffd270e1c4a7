import { COMPOSE_NAMES } from "../../model/platform/compose-names";
import { entriesOf, itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";

interface Renamed {
  readonly field: readonly string[];
  readonly key: readonly string[];
}

/** Fields of the spec with the keys that they come from, where their names differ. */
function renamed(from: string, to: string): readonly Renamed[] {
  return [...COMPOSE_NAMES].flatMap(([field, key]) => {
    if (!field.startsWith(from) || !key.startsWith(to)) return [];
    const parts = { field: field.slice(from.length), key: key.slice(to.length) };
    if (parts.field.includes("*")) return [];
    return [{ field: parts.field.split("."), key: parts.key.split(".") }];
  });
}

const OF_SERVICE = renamed("services.*.", "services.*.");
const OF_BUILD = renamed("images.*.", "services.*.build.");

/** Remembers where each field of a service stands, and each of its image. */
export function remember(name: string, node: Node, { places }: Context): void {
  const keys = ["services", name];
  places.add(keys, node);
  const add = (at: readonly string[], from: Node | undefined, names: readonly Renamed[]) => {
    const others = names.flatMap(({ key }) => (key.length === 1 ? key : []));
    for (const [key, { value }] of entriesOf(from)) {
      if (!others.includes(key)) places.add([...at, key], value);
    }
    for (const { field, key } of names) places.add([...at, ...field], memberAt(from, key));
  };
  add(keys, node, OF_SERVICE);
  const build = member(node, "build");
  places.add(["images", name], build);
  add(["images", name], build, OF_BUILD);
  for (const item of itemsOf(member(node, "volumes"))) {
    const target = member(item, "target");
    if (target?.kind === "scalar") places.add([...keys, "mounts", target.text], item);
  }
}

function memberAt(node: Node | undefined, path: readonly string[]): Node | undefined {
  return path.reduce(member, node);
}
