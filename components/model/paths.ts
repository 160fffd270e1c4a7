import type { Keys } from "./problem";
import { type Change, UNKNOWN } from "./values";

/** Path of a member in Pulumi's syntax: `env.NAME`, `labels["a.b"]` or `ports[0]`. */
export function memberPath(parent: string, key: string | number): string {
  if (typeof key === "number") {
    return `${parent}[${key}]`;
  }
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) {
    return `${parent}[${JSON.stringify(key)}]`;
  }
  return parent === "" ? key : `${parent}.${key}`;
}

/** Keys as a path in Pulumi's syntax. */
export function propertyPath(keys: Keys): string {
  return keys.reduce<string>(memberPath, "");
}

/** First property of a path: `env` of `env.NAME`. */
export function topLevel(path: string): string {
  const quoted = /^\["((?:[^"\\]|\\.)*)"\]/.exec(path);
  if (quoted) {
    return JSON.parse(`"${quoted[1]}"`) as string;
  }
  return path.split(/[.[]/, 1)[0] ?? path;
}

/** True for a map (not a list, not null). */
export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True when the value is, or holds somewhere, a value that is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some(hasUnknown);
  }
  return isMap(value) && Object.values(value).some(hasUnknown);
}

/** Equality of plain values; an unknown value equals nothing. */
export function sameValue(left: unknown, right: unknown): boolean {
  return changesBetween(left, right, "value", () => false).length === 0;
}

/**
 * Fields that differ between two plain values, to the leaf. A missing member and `undefined` are the same.
 * `replaces` says for each path whether Docker cannot change it in place.
 */
export function changesBetween(
  old: unknown,
  news: unknown,
  path: string,
  replaces: (path: string) => boolean,
): Change[] {
  if (Object.is(old, news) && news !== UNKNOWN) {
    return [];
  }
  if (isMap(old) && isMap(news)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(news)])].sort();
    return keys.flatMap((key) =>
      changesBetween(old[key], news[key], memberPath(path, key), replaces),
    );
  }
  if (Array.isArray(old) && Array.isArray(news)) {
    return Array.from({ length: Math.max(old.length, news.length) }).flatMap((_, index) =>
      changesBetween(old[index], news[index], memberPath(path, index), replaces),
    );
  }
  const kind = old === undefined ? "add" : news === undefined ? "delete" : "update";
  return [{ path, kind, replace: replaces(path) }];
}
