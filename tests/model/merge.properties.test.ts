import { describe, expect, test } from "vitest";
import { has, idleRemovals, isMap, mergeDeep, valueAt } from "../../components/model/merge";
import type { Keys } from "../../components/model/problem";
import { fc } from "../properties";

// Few keys, so that base and changes meet.
const key = fc.constantFrom("a", "b", "c", "d.e", "");
const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean());

/** Trees of maps, lists and leaves; with nulls in maps where `removes`. */
function tree(removes: boolean) {
  const { map } = fc.letrec<{ value: unknown; map: { [key: string]: unknown } }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      removes ? fc.oneof(leaf, fc.constant(null)) : leaf,
      fc.array(leaf, { maxLength: 3 }),
      tie("map"),
    ),
    map: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  }));
  return map;
}
const base = tree(false);
const changes = tree(true);

/** All keys that lead to something other than a map. */
function leaves(value: unknown, keys: Keys = []): (readonly [Keys, unknown])[] {
  if (!isMap(value)) return [[keys, value]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...keys, key]));
}

describe("mergeDeep", () => {
  test("every change is in the result, and removed values are not", () => {
    fc.assert(
      fc.property(base, changes, (base, changes) => {
        const merged = mergeDeep(base, changes);
        for (const [keys, value] of leaves(changes)) {
          if (value === null) expect(has(merged, keys)).toBe(false);
          else expect(valueAt(merged, keys)).toEqual(value);
        }
      }),
    );
  });

  test("what the changes do not name is unchanged", () => {
    fc.assert(
      fc.property(base, changes, (base, changes) => {
        const merged = mergeDeep(base, changes);
        for (const [keys, value] of leaves(base)) {
          const named = keys.some((_, depth) => {
            const change = valueAt(changes, keys.slice(0, depth + 1));
            return change !== undefined && !(isMap(change) && depth < keys.length - 1);
          });
          if (!named) expect(valueAt(merged, keys)).toEqual(value);
        }
      }),
    );
  });

  test("nothing else is in the result", () => {
    fc.assert(
      fc.property(base, changes, (base, changes) => {
        for (const [keys, value] of leaves(mergeDeep(base, changes))) {
          expect([valueAt(base, keys), valueAt(changes, keys)]).toContainEqual(value);
        }
      }),
    );
  });

  test("the same changes twice are the same as once, and none change nothing", () => {
    fc.assert(
      fc.property(base, changes, (base, changes) => {
        const merged = mergeDeep(base, changes);
        expect(mergeDeep(merged, changes)).toEqual(merged);
        expect(mergeDeep(base, {})).toEqual(base);
      }),
    );
  });

  test("neither argument changes, and the result shares no list with the changes", () => {
    fc.assert(
      fc.property(base, changes, (base, changes) => {
        const copies = structuredClone({ base, changes });
        const merged = mergeDeep(base, changes);
        expect({ base, changes }).toEqual(copies);
        for (const item of Object.values(changes)) {
          if (Array.isArray(item)) expect(Object.values(merged as object)).not.toContain(item);
        }
      }),
    );
  });
});

test("idle removals are those without which the result is the same", () => {
  fc.assert(
    fc.property(base, changes, (base, changes) => {
      const idle = idleRemovals(base, changes);
      for (const keys of idle) {
        expect(valueAt(changes, keys)).toBeNull();
        expect(has(base, keys)).toBe(false);
      }
      const effective = structuredClone(changes);
      for (const keys of idle) {
        const parent = valueAt(effective, keys.slice(0, -1));
        if (isMap(parent)) delete parent[keys.at(-1) ?? ""];
      }
      expect(mergeDeep(base, effective)).toEqual(mergeDeep(base, changes));
      expect(idleRemovals(base, effective)).toEqual([]);
    }),
  );
});
