import * as vm from "node:vm";
import { describe, expect, test } from "vitest";
import { serviceProblems } from "../../../components/model/service/problems";
import { fc } from "../../properties";

const isRefused = (name: string) =>
  serviceProblems({ name, image: "redis:7" }).some(({ keys }) => keys[0] === "name");

describe("the name of a service", () => {
  test("has letters, digits, - and _, and a letter or digit at both ends", () => {
    const alphabet = fc.constantFrom(..."aZ09-_. \n");
    fc.assert(
      fc.property(fc.string({ unit: alphabet, minLength: 1, maxLength: 70 }), (name) => {
        const letters = [...name];
        const isInner = (letter: string) => "aZ09-_".includes(letter);
        const isOuter = (letter: string | undefined) => "aZ09".includes(letter ?? " ");
        const good =
          letters.length <= 63 &&
          letters.every(isInner) &&
          isOuter(letters[0]) &&
          isOuter(letters.at(-1));
        expect(isRefused(name)).toBe(!good);
      }),
      { numRuns: 2000 },
    );
  });

  // A pattern that tries every way to part the name takes longer than anyone waits: twice as long
  // for each letter. The limit is there to end such a test, not to measure.
  test.each([
    "demo_recommendation-engine-frontend.v2",
    `${"a".repeat(62)}.`,
    `${"a-_".repeat(20)}.`,
    `${"a".repeat(100_000)}.`,
  ])("a long wrong one is refused without trying every way to read it", (name) => {
    const context = vm.createContext({ isRefused, name });
    expect(vm.runInContext("isRefused(name)", context, { timeout: 30_000 })).toBe(true);
  });
});
