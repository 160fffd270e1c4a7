import { expect, test } from "vitest";
import { needle, search } from "../trust/needles";

const secret = "correct horse battery staple";
const needles = [needle("it", secret), needle("key", "line one\nline two")];

test.each([
  ["itself", `a ${secret}.`],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64 behind one letter", Buffer.from(`x${secret} and more`).toString("base64")],
  ["in base64 behind two letters", Buffer.from(`xy${secret}`).toString("base64")],
  ["in hex", Buffer.from(secret).toString("hex")],
])("finds a secret %s", (_, text) => {
  expect(search("here", text, needles)).toEqual([{ secret: "it", place: "here" }]);
});

test("finds several lines as JSON has them, and nothing where nothing is", () => {
  expect(search("here", '"line one\\nline two"', needles)).toEqual([
    { secret: "key", place: "here" },
  ]);
  expect(search("here", "correct horse", needles)).toEqual([]);
});
