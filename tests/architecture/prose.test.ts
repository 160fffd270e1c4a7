import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { proseOfPage, proseOfSource, stumblesIn, stumblesOf } from "./prose";
import { root } from "./sources";

const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
const pages = files.filter((file) => file.endsWith(".md") && !file.startsWith("docs/proof"));

test.each(pages)("%s is plain English", (page) => {
  expect(stumblesIn(page)).toEqual([]);
});

const sources = /^(index\.ts$|(components|platforms|tools|tests)\/.*\.[mc]?[jt]s$)/;
const code = files.filter(
  (file) => sources.test(file) && !file.startsWith("tests/architecture/prose"),
);

test("comments and messages in code are plain English", () => {
  expect(code.flatMap(stumblesIn)).toEqual([]);
});

describe("what is read", () => {
  test("sentences of a page, without code", () => {
    const page = "# Title\n\nOne `shall` and\nmore.\n\n```sh\nshall\n```\n\nLast.\n";
    expect(proseOfPage(page)).toEqual([
      { line: 1, text: "# Title" },
      { line: 3, text: "One `` and more." },
      { line: 10, text: "Last." },
    ]);
  });

  test("comments and texts of a source file, without code", () => {
    const source =
      '/** Doc\n * goes on. */\nconst a = "text"; // first\n// second\nconst b = `x ${a} y`;\n';
    expect(proseOfSource("a.ts", source).map(({ text }) => text)).toEqual([
      "Doc goes on.",
      "text",
      "first second",
      "x",
      "y",
    ]);
  });
});

test("a script for a machine is not read, but what is put into it is", () => {
  const source =
    'const a = `set -eu\n# shall ${b ? "shall" : c} shall`;\nconst d = "set -eu shall";\n';
  expect(proseOfSource("a.ts", source).map(({ text }) => text)).toEqual(["shall", "set -eu shall"]);
});

describe("the rules", () => {
  test.each([
    ["it is made anew", "made anew"],
    ["a file that is there", "that is there"],
    ["which is no port", "is no p"],
    ["set it; type `x`", "; type "],
    ["asks the engine", "the engine"],
    ["Type: npm run up", "Type: "],
    ["it stands in the file", "stands in"],
  ])("%s is found", (text, found) => {
    expect(stumblesOf(text).map((stumble) => stumble.found)).toEqual([found]);
  });

  test.each([
    "there is no port",
    "it is no longer used",
    "the Docker engine answers",
    "a member of the Engine API",
    "Content-Type: text/plain",
    "a field of type volume",
    "it is there",
  ])("%s is not", (text) => {
    expect(stumblesOf(text)).toEqual([]);
  });
});
