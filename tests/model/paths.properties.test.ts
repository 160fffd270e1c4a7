import { describe, expect, test } from "vitest";
import { valueAt } from "../../components/model/merge";
import { changesBetween, propertyPath, topLevel } from "../../components/model/paths";
import { type Keys, pathText } from "../../components/model/problem";
import { anyKey, fc } from "../properties";

const index = fc.nat(1000);
const keys = fc.array(fc.oneof(anyKey, index), { minLength: 1, maxLength: 6 });
const pathOf = propertyPath;

/** Reads a path such as `mounts["/data"].source` or `ports[0].mode` back into its keys. */
function keysOf(path: string): Keys {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(
    ([, index, quoted, name]) => {
      if (index !== undefined) return Number(index);
      return quoted === undefined ? (name ?? "") : (JSON.parse(quoted) as string);
    },
  );
}

describe("propertyPath", () => {
  test("the first property of a path is the one it begins with", () => {
    fc.assert(
      fc.property(anyKey, fc.array(fc.oneof(anyKey, index)), (first, rest) => {
        expect(topLevel(pathOf([first, ...rest]))).toBe(first);
      }),
    );
  });

  test("a path can be read back into its keys", () => {
    fc.assert(
      fc.property(keys, (keys) => {
        expect(keysOf(pathOf(keys))).toEqual(keys);
      }),
    );
  });
});

test("what is printed as the place of a problem can be read back into its keys", () => {
  fc.assert(
    fc.property(keys, (keys) => {
      expect(keysOf(pathText(keys))).toEqual(keys);
    }),
  );
});

describe("changesBetween", () => {
  const value = fc.dictionary(anyKey, fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 4,
    noNullPrototype: true,
  });

  test("nothing changes between a value and its copy", () => {
    fc.assert(
      fc.property(value, (value) => {
        expect(changesBetween(value, structuredClone(value), "", () => false)).toEqual([]);
      }),
    );
  });

  test("each change leads to a leaf that differs, whichever side is the old one", () => {
    fc.assert(
      fc.property(value, value, (old, news) => {
        const paths = (from: object, to: object) =>
          changesBetween(from, to, "", () => false).map(({ path }) => path);
        const found = paths(old, news);
        expect(new Set(found).size).toBe(found.length);
        expect([...paths(news, old)].sort()).toEqual([...found].sort());
        for (const path of found) {
          expect(valueAt(old, keysOf(path))).not.toEqual(valueAt(news, keysOf(path)));
        }
      }),
    );
  });
});
