import { describe, expect, test } from "vitest";
import { checkerOf } from "../../components/model/fields/check";
import { configFields } from "../../components/model/kinds/content";
import { contentName } from "../../components/provider/content/content";
import { fc } from "../properties";

const base = fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,49}$/);
const salt = fc.string({ minLength: 1 });
const content = fc.string({ unit: "binary" });
const named = (base: string, salt: string, data: string) => contentName(base, salt, { data });

describe("the name of a secret or config", () => {
  test("depends on base, salt and content, and on nothing else", () => {
    fc.assert(
      fc.property(base, salt, content, (base, salt, content) => {
        expect(named(base, salt, content)).toBe(named(base, salt, content));
      }),
    );
  });

  test("different content or a different salt gives a different name", () => {
    fc.assert(
      fc.property(base, salt, content, content, (base, salt, content, other) => {
        fc.pre(content !== other && content !== salt);
        expect(named(base, salt, content)).not.toBe(named(base, salt, other));
        expect(named(base, salt, content)).not.toBe(named(base, `${salt}+`, content));
      }),
    );
  });

  test("is one that Docker accepts, for every base that the rule accepts", () => {
    fc.assert(
      fc.property(base, salt, content, (base, salt, content) => {
        expect(checkerOf(configFields)({ base, data: "content" }).problems).toEqual([]);
        expect(named(base, salt, content)).toMatch(/^[A-Za-z0-9][\w.-]{0,62}$/);
      }),
    );
  });
});
