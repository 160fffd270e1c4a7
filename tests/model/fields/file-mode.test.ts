import { describe, expect, test } from "vitest";
import { modeOf, wrongMode } from "../../../components/model/fields/file-mode";
import { normalise } from "../../../components/model/service/normalise";
import { serviceProblems } from "../../../components/model/service/problems";

const usual = "400 440 444 500 550 555 600 640 644 660 664 666 700 711 740 744 750 755 770 775 777";
const modes = [...usual.split(" "), "1777", "1770", "2775", "4755"];

describe("a mode", () => {
  test.each(modes)("%s in octal is taken as text and as its number", (digits) => {
    const number = Number.parseInt(digits, 8);
    for (const value of [number, digits, `0${digits}`, `0o${digits}`]) {
      expect(wrongMode(value)).toBeUndefined();
      expect(modeOf(value)).toBe(number);
    }
  });

  // 777 and 511 are each other's reading in octal only one way: 511 is 0777.
  test.each(modes)("%s as a decimal number is refused with the octal that was meant", (digits) => {
    const value = Number(digits);
    expect(wrongMode(value)).toMatchObject({
      found: value > 4095 ? digits : `${value}, which is 0${value.toString(8)} in octal`,
      fix: `\`mode: "0${digits}"\``,
    });
  });

  test("no usual mode is taken for another one that was typed in decimal", () => {
    const numbers = modes.map((digits) => Number.parseInt(digits, 8));
    expect(numbers.filter((number) => wrongMode(number) !== undefined)).toEqual([]);
  });

  test.each([["rw-r--r--"], ["0888"], ["77777"], [""], ["-400"]])("%s is not one", (value) => {
    expect(wrongMode(value)).toMatchObject({ found: JSON.stringify(value), fix: '`mode: "0440"`' });
  });

  test.each([[-1], [4.5], [9999]])("%s is not one", (value) => {
    expect(wrongMode(value)).toMatchObject({ found: String(value) });
  });
});

describe("every mode of a service", () => {
  const service = (mode: unknown) => ({
    name: "a",
    image: "a:1",
    secrets: { a: { source: "a", mode } },
    configs: { "/b": { source: "b", mode } },
    mounts: { "/c": { type: "tmpfs", tmpfs: { mode } } },
  });

  test("is refused as 400", () => {
    expect(serviceProblems(service(400)).map(({ keys, fix }) => [keys.join("."), fix])).toEqual([
      ["mounts./c.tmpfs.mode", '`mode: "0400"`'],
      ["secrets.a.mode", '`mode: "0400"`'],
      ["configs./b.mode", '`mode: "0400"`'],
    ]);
  });

  test('is 288 as "0440"', () => {
    expect(serviceProblems(service("0440"))).toEqual([]);
    expect(normalise(service("0440"))).toMatchObject(service(288));
  });
});
