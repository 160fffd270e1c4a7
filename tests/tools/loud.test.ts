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
  for (const [name, loud, quiet] of [
    ["PULUMI_OPTION_VERBOSE", "9", "2"],
    ["PULUMI_OPTION_DEBUG", "true", "false"],
    ["PULUMI_OPTION_TRACING", "file:/tmp/trace", ""],
  ] as const) {
    expect([name, isLoud([], { [name]: loud }), isLoud([], { [name]: quiet })]).toEqual([
      name,
      true,
      false,
    ]);
  }
});
