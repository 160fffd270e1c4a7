import { expect, test } from "vitest";
import { isLoud } from "../../tools/setup/loud";

test.each([
  [["-v=9"], true],
  [["-v", "3"], true],
  [["-v11"], true],
  [["--verbose=5", "--logtostderr"], true],
  [["--debug"], true],
  [["-d"], true],
  [["--tracing=file:/tmp/trace"], true],
  [["-v=2", "--logtostderr"], false],
  [["--debug=false"], false],
  [["--diff", "--target", "-v"], false],
  [[], false],
])("%j", (options, loud) => {
  expect(isLoud(options, {})).toBe(loud);
});

test("variables count too", () => {
  expect(isLoud([], { PULUMI_DEBUG_GRPC: "grpc.json" })).toBe(true);
  expect(isLoud([], { PULUMI_DEBUG_GRPC: "" })).toBe(false);
});
