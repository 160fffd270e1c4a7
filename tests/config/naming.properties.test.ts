import { describe, expect, test } from "vitest";
import { hostNames } from "../../components/config/environment/naming";
import { fc } from "../properties";

const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
const count = fc.nat(20);

describe("the names of hosts", () => {
  test("a host more or less renames no other", () => {
    fc.assert(
      fc.property(part, part, part, count, count, (prefix, environment, group, one, other) => {
        const names = (count: number) => hostNames(prefix, environment, group, { count });
        const both = Math.min(one, other);
        expect(names(one).slice(0, both)).toEqual(names(other).slice(0, both));
      }),
    );
  });

  test("two hosts of an environment have two names, whatever their groups are called", () => {
    const groups = fc.uniqueArray(part, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(part, part, groups, count, (prefix, environment, groups, count) => {
        const names = groups.flatMap((group) => hostNames(prefix, environment, group, { count }));
        expect(new Set(names).size).toBe(groups.length * count);
      }),
    );
  });
});
