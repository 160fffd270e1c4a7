import type { Post } from "./deploy";
import { type Body, differences, isMap } from "./differences";

type Json =
  | { readonly [key: string]: unknown }
  | readonly unknown[]
  | string
  | number
  | boolean
  | null;
/** Lists whose order means nothing. */
const UNORDERED = [
  "Env",
  "Mounts",
  "Networks",
  "Ports",
  "Secrets",
  "Configs",
  "Hosts",
  "CapabilityAdd",
  "CapabilityDrop",
  "Aliases",
  "Ulimits",
  "GenericResources",
];
/** Maps of people's own keys, in which empty text means something. */
const FREE = ["Labels", "Options", "DriverOpts", "Sysctls"];

/** Leaves out what is empty: to the API it is the same as absent. */
function tidy(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => tidy(item));
    if (!UNORDERED.includes(name)) return items;
    return items
      .map((item) => JSON.stringify(item))
      .sort()
      .map((text) => JSON.parse(text));
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const made = tidy(item, key);
    const empty =
      made === null ||
      made === false ||
      made === undefined ||
      (made === "" && !FREE.includes(name)) ||
      (typeof made === "object" && Object.keys(made).length === 0);
    return empty ? [] : [[key, made] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function prepared({ post, body }: Post, side: "ours" | "docker"): Post {
  const copy: Body = JSON.parse(JSON.stringify(body));
  for (const difference of differences) difference[side]?.(copy, post);
  return { post, body: tidy(copy) as Body };
}

/** What differs between the requests, a line for each; nothing when only meant differences are there. */
export function compare(ours: readonly Post[], docker: readonly Post[]): readonly string[] {
  const mine = byName(ours.map((post) => prepared(post, "ours")));
  const theirs = byName(docker.map((post) => prepared(post, "docker")));
  return [...new Set([...mine.keys(), ...theirs.keys()])].sort().flatMap((id) => {
    const [a, b] = [mine.get(id), theirs.get(id)];
    if (a === undefined) return [`${id}: only Docker makes it`];
    if (b === undefined) return [`${id}: only we make it`];
    return unequal(a.body as Json, b.body as Json, id);
  });
}

function byName(posts: readonly Post[]): ReadonlyMap<string, Post> {
  return new Map(posts.map((post) => [`${post.post.split("/")[1]} ${post.body.Name}`, post]));
}

function unequal(a: unknown, b: unknown, path: string): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (isMap(a) && isMap(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      unequal(a[key], b[key], `${path}.${key}`),
    );
  }
  const text = (value: unknown) => JSON.stringify(value) ?? "nothing";
  if (Array.isArray(a) && Array.isArray(b)) {
    const [x, y] = [a.map(text), b.map(text)];
    const extra = (of: readonly string[], than: readonly string[]) =>
      of.filter((item) => !than.includes(item)).join(",");
    // The same items in another order, or another number of times.
    const same = extra(x, y) === extra(y, x);
    if (x.join() !== y.join() && !same)
      return [`${path}: we send [${extra(x, y)}], Docker [${extra(y, x)}]`];
  }
  return [`${path}: we send ${text(a)}, Docker ${text(b)}`];
}
