import { describe, expect, test } from "vitest";
import { mergeDeep } from "../../components/model/merge";

describe("merging is a JSON merge patch", () => {
  // The examples of RFC 7396.
  test.each<[unknown, unknown, unknown]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j with %j is %j", (base, changes, merged) => {
    expect(mergeDeep(base, changes)).toEqual(merged);
  });

  test("it changes neither argument, and the result shares no map with the changes", () => {
    const base = { a: { b: 1, c: 2 }, list: [1, 2], gone: 1 };
    const changes = { a: { b: 3 }, list: [{ x: 1 }], gone: null, fresh: { x: null, y: 1 } };
    const copies = structuredClone([base, changes]);
    const merged = mergeDeep(base, changes) as { list: { x: number }[]; fresh: { y: number } };
    expect(merged).toEqual({ a: { b: 3, c: 2 }, list: [{ x: 1 }], fresh: { y: 1 } });
    merged.fresh.y = 2;
    (merged.list[0] as { x: number }).x = 2;
    expect([base, changes]).toEqual(copies);
  });

  test("a key that every object inherits is a key like others", () => {
    const changes = { constructor: { x: 1 }, prototype: { y: null }, after: 1 };
    expect(mergeDeep({}, changes)).toEqual({ constructor: { x: 1 }, prototype: {}, after: 1 });
  });
});
