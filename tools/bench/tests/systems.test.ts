import { describe, expect, test } from "vitest";
import { casesOf } from "../systems/cases";
import { deployingTable, readingTable, withSection } from "../systems/main";
import { parseSystems } from "../systems/options";
import { composeFile } from "../systems/yard";

describe("the options", () => {
  test.each([
    [[], {}, { services: [20, 100, 300] }],
    [[], { SWARMYARD_CASES: "/cases" }, { cases: "/cases", services: [20, 100, 300] }],
    [["--services", "none", "--cases", "x"], {}, { cases: "x", services: [] }],
    [["--services", "5,6", "--page", "p.md"], {}, { services: [5, 6], page: "p.md" }],
  ])("%j with %j", (words, env, options) => {
    expect(parseSystems(words, env)).toEqual(options);
  });

  test.each([
    ["--services", "0"],
    ["--services", "many"],
    ["--sizes", "1"],
  ])("fails: %s %s", (...words) => {
    expect(() => parseSystems(words, {})).toThrow("Run: npm run bench -- systems");
  });
});

test("a manifest names folders, files in their order and files with variables", () => {
  const manifest =
    "#id\tdir\tfiles\tenv\tstack\none\ta/b\tx.yml,y.yml\t\ts\ntwo\tc\tz.yml\tc.env\ts\n";
  expect(casesOf(manifest, "/cases")).toEqual([
    { id: "one", folder: "/cases/a/b", files: ["x.yml", "y.yml"], envFiles: [] },
    { id: "two", folder: "/cases/c", files: ["z.yml"], envFiles: ["c.env"] },
  ]);
});

test("a compose file has as many services as are asked for", () => {
  expect(composeFile("app:1", 3).match(/image: app:1/g)).toHaveLength(3);
});

test("tables have files per second, and Docker's seconds for the same step as 1", () => {
  const reading = { by: "ours", files: 30, refused: 1, seconds: 15, cpuSeconds: 9 };
  expect(readingTable([reading]).split("\n").at(-1)).toBe(
    "| ours | 30    | 1       | 15.0    | 2.0              | 9.0         |",
  );
  const rows = [
    { services: 5, step: "preview", by: "ours", seconds: 4, cpuSeconds: 3 },
    { services: 5, step: "up", by: "ours", seconds: 12, cpuSeconds: 6 },
    {
      services: 5,
      step: "up",
      by: "docker stack deploy",
      seconds: 10,
      cpuSeconds: 0.5,
      problem: "no",
    },
  ];
  const cells = deployingTable(rows)
    .split("\n")
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .map((cell) => cell.trim())
        .slice(4, 6),
    );
  expect(cells).toEqual([
    ["4.0", ""],
    ["12.0", "1.20"],
    ["failed: no", "1.00"],
  ]);
});

test("a section of a page is replaced, and what follows it stays", () => {
  const page = "# A\n\n### Figures of compose files\n\nold\n\n## Rows\n\n| a |\n";
  expect(withSection(page, "new")).toBe(
    "# A\n\n### Figures of compose files\n\nnew\n\n## Rows\n\n| a |\n",
  );
});
