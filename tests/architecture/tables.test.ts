import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./sources";

const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "");

/** Rows of a page's tables that have another number of cells than their heading, with their lines. */
function oddRows(text: string): readonly string[] {
  let cells: number | undefined;
  let isCode = false;
  return text.split("\n").flatMap((line, index) => {
    if (line.startsWith("```")) isCode = !isCode;
    if (isCode || !line.startsWith("|")) {
      cells = undefined;
      return [];
    }
    const count = line.trim().split(/(?<!\\)\|/).length - 2;
    cells ??= count;
    return count === cells ? [] : [`${index + 1}: ${line}`];
  });
}

test("every row of a table has as many cells as its heading", () => {
  expect(
    oddRows("| a | b |\n| - | - |\n| x |\n| `y \\| z` | 1 |\n\n| c |\n| - |\n| 1 | 2 |"),
  ).toEqual(["3: | x |", "8: | 1 | 2 |"]);
  expect(oddRows("```\n| a | b |\n| x |\n```\n")).toEqual([]);
  const odd = pages.flatMap((page) =>
    oddRows(readFileSync(join(root, page), "utf8")).map((row) => `${page}:${row}`),
  );
  expect(odd).toEqual([]);
});

test("each provider of docs/servers.md has its login and its lines", () => {
  const text = readFileSync(join(root, "docs/servers.md"), "utf8");
  const table = text.slice(text.indexOf("| provider")).split("\n\n")[0] ?? "";
  const rows = table
    .split("\n")
    .slice(2)
    .map((row) => row.split("|").slice(1, -1));
  expect(rows.map(([provider]) => provider?.trim())).toEqual([
    ...["Hetzner", "DigitalOcean", "OVH", "GCP", "a rack"],
  ]);
  for (const row of rows) {
    expect(row).toHaveLength(3);
    expect(row.filter((cell) => cell.trim() === "")).toEqual([]);
  }
});
