import { describe, expect, test } from "vitest";
import { allot, spread } from "../../../components/model/addresses/spread";
import { fc } from "../../properties";

interface Given {
  readonly names: readonly string[];
  readonly size: number;
  readonly taken: ReadonlySet<number>;
}

/** Few slots for many names, so that names clash often. */
const lists: fc.Arbitrary<Given> = fc.record({
  names: fc.array(fc.stringMatching(/^[a-z]{1,4}$/), { maxLength: 30 }),
  size: fc.integer({ min: 1, max: 40 }),
  taken: fc.array(fc.nat(39), { maxLength: 15 }).map((slots) => new Set(slots)),
});

const allotted = ({ names, size, taken }: Given) => allot(names, size, (slot) => taken.has(slot));

describe("allot", () => {
  test("gives no slot twice, none that is in use and none that does not exist", () => {
    fc.assert(
      fc.property(lists, (given) => {
        const slots = [...allotted(given).values()];
        expect(new Set(slots).size).toBe(slots.length);
        for (const slot of slots) {
          expect(given.taken.has(slot)).toBe(false);
          expect(Number.isInteger(slot) && slot >= 0 && slot < given.size).toBe(true);
        }
      }),
    );
  });

  test("omits a name only when no slot is free", () => {
    fc.assert(
      fc.property(lists, (given) => {
        const free = given.size - [...given.taken].filter((slot) => slot < given.size).length;
        const distinct = new Set(given.names).size;
        expect(allotted(given).size).toBe(Math.min(free, distinct));
      }),
    );
  });

  test("a name at the end of the list moves no other", () => {
    fc.assert(
      fc.property(lists, fc.stringMatching(/^[a-z]{1,4}$/), (given, name) => {
        const before = allotted(given);
        const after = allotted({ ...given, names: [...given.names, name] });
        for (const [other, slot] of before) expect(after.get(other)).toBe(slot);
      }),
    );
  });

  test("without one of the names, those that do not clash keep their places", () => {
    fc.assert(
      fc.property(lists, fc.nat(), (given, at) => {
        const gone = given.names[at % Math.max(1, given.names.length)];
        const after = allotted({ ...given, names: given.names.filter((name) => name !== gone) });
        for (const [name, slot] of allotted(given)) {
          const inItsOwn = slot === spread(name, given.size);
          if (inItsOwn && name !== gone) expect(after.get(name)).toBe(slot);
        }
      }),
    );
  });
});
