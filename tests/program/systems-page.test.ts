import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");
const page = fs.readFileSync(path.join(root, "docs/systems.md"), "utf8");
const rows = [...page.matchAll(/^\| (\d+) +\| (.*) \|$/gm)].map(([, number = "", rest = ""]) => ({
  number: Number(number),
  cells: rest.split(" | ").map((cell) => cell.trim()),
}));

test("the page has all 48 rows, each with a tick and a proof, or a reason", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1));
  const bare = rows.filter(({ cells: [, , mark, proof = ""] }) =>
    mark === "✓" ? !proof.includes("`tests/") : mark !== "–" || proof.length < 40,
  );
  expect(bare).toEqual([]);
});

test("every test that the page names exists", () => {
  const named = rows.flatMap(({ number, cells }) =>
    [...(cells[3] ?? "").matchAll(/`(tests\/[^`]+\.test\.ts)`(?:: (.*?))?(?=<br>|$)/g)].map(
      ([, file = "", name]) => ({ number, file, name }),
    ),
  );
  expect(named.length).toBeGreaterThan(40);
  const missing = named.filter(({ file, name }) => {
    const full = path.join(root, file);
    if (!fs.existsSync(full)) return true;
    return name !== undefined && !fs.readFileSync(full, "utf8").includes(name);
  });
  expect(missing).toEqual([]);
});

test("each system has a folder with the page and the environment that it names", () => {
  const named = [...page.matchAll(/\(\.\.\/(platforms\/([\w-]+)\/README\.md)\) +\| `([^`]+)`/g)];
  expect(named).toHaveLength(5);
  for (const [, file = "", name, command] of named) {
    expect(fs.readFileSync(path.join(root, file), "utf8")).toContain(command);
    expect(command).toBe(`npm run up -- -s ${name}`);
  }
});
