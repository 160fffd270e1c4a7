import type { Keys } from "./problem";

/** A plain map: neither a list nor null nor an object of a class. */
export type PlainMap = { [key: string]: unknown };

/** True for a plain map. */
export function isMap(value: unknown): value is PlainMap {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Copies maps and lists, so that the copy can be changed; anything else is returned unchanged. */
export function copyPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyPlain);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyPlain(item)]));
}

/**
 * Applies changes to a value as a JSON merge patch (RFC 7396): maps are merged by key, null removes
 * a key, lists and anything else replace the existing value. Changes neither argument.
 */
export function mergeDeep(base: unknown, changes: unknown): unknown {
  if (!isMap(changes)) return copyPlain(changes);
  const merged: PlainMap = isMap(base) ? { ...base } : {};
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) delete merged[key];
    else merged[key] = mergeDeep(Object.hasOwn(merged, key) ? merged[key] : undefined, change);
  }
  return merged;
}

/** Keys that the changes remove (by null) although the base does not have them. */
export function idleRemovals(base: unknown, changes: unknown, keys: Keys = []): Keys[] {
  if (!isMap(changes)) return [];
  return Object.entries(changes).flatMap(([key, change]) => {
    const below = isMap(base) ? base[key] : undefined;
    if (change === null) return below === undefined ? [[...keys, key]] : [];
    return idleRemovals(below, change, [...keys, key]);
  });
}

/** The value that keys lead to, or undefined. */
export function valueAt(root: unknown, keys: Keys): unknown {
  let value = root;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as PlainMap)[key];
  }
  return value;
}

/** True when there is a value at the keys, even null. */
export function has(root: unknown, keys: Keys): boolean {
  const parent = valueAt(root, keys.slice(0, -1));
  const last = keys.at(-1);
  if (last === undefined) return root !== undefined;
  return typeof parent === "object" && parent !== null && Object.hasOwn(parent, last);
}

/** A map with the same keys and other values. */
export function mapValues<T, R>(
  map: { readonly [key: string]: T },
  change: (value: T, key: string) => R,
): { readonly [key: string]: R } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
