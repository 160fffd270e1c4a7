import { describe, expect, test } from "vitest";
import { parseArguments } from "../../tools/arguments";

describe("parseArguments", () => {
  test("the environment is local when none is named", () => {
    expect(parseArguments(["up"])).toEqual({
      command: "up",
      stack: "local",
      sweep: false,
      rest: [],
    });
  });

  test.each([
    [["preview", "-s", "prod", "--expect-no-changes"]],
    [["preview", "--expect-no-changes", "--stack", "prod"]],
    [["preview", "--stack=prod", "--", "--expect-no-changes"]],
    [["preview", "-sprod", "--expect-no-changes"]],
    [["preview", "-s=prod", "--expect-no-changes"]],
  ])("takes the environment out of %j and hands the rest on", (argv) => {
    const { stack, rest } = parseArguments(argv);
    expect({ stack, rest }).toEqual({ stack: "prod", rest: ["--expect-no-changes"] });
  });

  test("--sweep is ours for down only", () => {
    expect(parseArguments(["down", "--sweep"])).toMatchObject({ sweep: true, rest: [] });
    expect(() => parseArguments(["up", "--sweep"])).toThrow("npm run down -- --sweep");
  });

  test("docker gets its own words as they are, also those that look like ours", () => {
    expect(parseArguments(["docker", "-s", "e2e", "--", "service", "ps", "-s", "x", "--"])).toEqual(
      {
        command: "docker",
        stack: "e2e",
        sweep: false,
        rest: ["service", "ps", "-s", "x", "--"],
      },
    );
    expect(parseArguments(["docker", "node", "ls", "--sweep"]).rest).toEqual([
      "node",
      "ls",
      "--sweep",
    ]);
  });

  test.each([
    [[], "No command was given."],
    [["start"], "There is no command start."],
    [["up", "-s"], "needs the name of an environment"],
    [["up", "-s", "--yes"], "needs the name of an environment"],
    [["up", "-s", "../x"], "cannot be the name of an environment"],
  ])("%j says what to type", (argv, sentence) => {
    expect(() => parseArguments(argv)).toThrow(sentence);
    expect(() => parseArguments(argv)).toThrow(/\nType/);
  });
});
