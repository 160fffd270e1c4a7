import { expect, test } from "vitest";
import { cause } from "../../components/engine/errors";

test("the reason of an error cannot command a terminal or a workflow's runner", () => {
  const message = "\u001b[2J::add-mask::x\u0007 ";
  expect(cause({ json: { message } })).toBe(": :add-mask::x");
  expect(cause(new Error(message))).toBe(": :add-mask::x");
  expect(cause(message)).toBe(": :add-mask::x");
  expect(cause({ json: { message: "no such image: a:1" } })).toBe("no such image: a:1");
});
