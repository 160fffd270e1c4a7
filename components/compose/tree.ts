/** Where something stands. */
export interface At {
  /** The file's name as it was given. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a scalar can be. */
export type Plain = string | number | boolean | null;

interface AnyNode {
  readonly at: At;
  /** `!reset` takes away what earlier files say, `!override` replaces it. */
  readonly tag?: "!reset" | "!override";
  /** Number of values in it, each use of an alias counted. */
  readonly size: number;
}

/** A single value. */
export interface ScalarNode extends AnyNode {
  readonly kind: "scalar";
  readonly value: Plain;
  /** The value as Docker writes it into an environment variable or a label. */
  readonly text: string;
  /** What the file says, when variables made the value of it. */
  readonly written?: string;
  /** What the file says without quotes, when the text that YAML makes of it is another. */
  readonly typed?: string;
}

/** One key of a map with its value. */
export interface Entry {
  readonly at: At;
  readonly value: Node;
}

/** A map; each key once. */
export interface MapNode extends AnyNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A list. */
export interface ListNode extends AnyNode {
  readonly kind: "list";
  readonly items: readonly Node[];
}

/** A value of a compose file with its place. */
export type Node = ScalarNode | MapNode | ListNode;

/** A scalar at a place. */
export function scalar(value: Plain, at: At, text = String(value ?? "")): ScalarNode {
  return { kind: "scalar", value, text, at, size: 1 };
}

/** A map at a place. */
export function mapNode(entries: Iterable<readonly [string, Entry]>, at: At): MapNode {
  const all = new Map(entries);
  let size = 1;
  for (const { value } of all.values()) size += value.size;
  return { kind: "map", entries: all, at, size };
}

/** A list at a place. */
export function listNode(items: readonly Node[], at: At): ListNode {
  return { kind: "list", items, at, size: items.reduce((size, item) => size + item.size, 1) };
}

/** A map whose values stand where they come from. */
export function mapOf(
  values: { readonly [key: string]: Node | undefined },
  at: At,
  tag?: AnyNode["tag"],
): MapNode {
  const given = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, { at: value.at, value }] as const],
  );
  return withTag(mapNode(given, at), tag);
}

/** The same node with a tag. */
export function withTag<T extends Node>(node: T, tag: AnyNode["tag"]): T {
  return tag === undefined ? node : { ...node, tag };
}

/** The same node without its tag. */
export function untagged<T extends Node>(node: T): T {
  return node.tag === undefined ? node : { ...node, tag: undefined };
}

/** What a problem shows of a value; of one that variables made, also what the file says. */
export function shown(node: Node): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  const text = JSON.stringify(node.text.slice(0, 60));
  return node.written === undefined ? text : `${text}, made of \`${node.written.slice(0, 60)}\``;
}

/** The value of a key of a map; undefined for anything else. */
export function member(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

/** The entries of a map; none of anything else. */
export function entriesOf(node: Node | undefined): readonly (readonly [string, Entry])[] {
  return node?.kind === "map" ? [...node.entries] : [];
}

/** The items of a list; none of anything else. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

/** True when there is nothing, or null. */
export function isNothing(node: Node | undefined): boolean {
  return node === undefined || (node.kind === "scalar" && node.value === null);
}

/** The map with other values; undefined leaves a key out. */
export function changed(
  map: MapNode,
  change: (value: Node, key: string) => Node | undefined,
): MapNode {
  const entries = [...map.entries].flatMap(([key, { at, value }]) => {
    const made = change(value, key);
    return made === undefined ? [] : [[key, { at, value: made }] as const];
  });
  return withTag(mapNode(entries, map.at), map.tag);
}

/** `compose.yaml:12:5`. */
export function placeText({ file, line, column }: At): string {
  return `${file}:${line}:${column}`;
}
