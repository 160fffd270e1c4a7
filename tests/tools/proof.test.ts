import { expect, test } from "vitest";
import { chooseFiles } from "../../tools/commands/test-trust";
import { type FileResult, withResult } from "../../tools/test/proof";

const result = (file: string, more: Partial<FileResult> = {}): FileResult => ({
  file,
  at: new Date("2026-11-21T14:35:10Z"),
  seconds: 12.4,
  place: "2 cores",
  scenarios: [
    { name: "one", state: "passed", seconds: 3.21, failedRequests: 0 },
    { name: "two | three", state: "not run", seconds: 0 },
  ],
  ...more,
});

test("a page has each scenario with its failed requests, seconds and result", () => {
  const page = withResult("", result("tests/trust/a.test.ts"));
  expect(page).toContain(
    [
      "## tests/trust/a.test.ts",
      "",
      "2026-11-21 14:35 UTC, 12 s in all; 2 cores.",
      "",
      "| scenario | failed requests | seconds | result |",
      "| --- | --: | --: | --- |",
      "| one | 0 | 3.2 | passed |",
      "| two \\| three | – | 0.0 | not run |",
    ].join("\n"),
  );
  expect(page).toContain("npm run test:trust");
});

test("a file that is run again takes its own place and leaves the others", () => {
  const first = withResult("", result("tests/trust/b.test.ts"));
  const both = withResult(first, result("tests/trust/a.test.ts"));
  const again = withResult(both, result("tests/trust/a.test.ts", { seconds: 99 }));
  expect(again).toBe(both.replace("12 s in all", "99 s in all"));
  expect([...again.matchAll(/^## .*$/gm)].map(([title]) => title)).toEqual([
    "## tests/trust/a.test.ts",
    "## tests/trust/b.test.ts",
  ]);
});

test("a file without tests has failed", () => {
  expect(withResult("", result("tests/trust/a.test.ts", { scenarios: [] }))).toContain("failed");
});

test("words choose files, and a word that chooses none is refused", () => {
  const names = ["drift.test.ts", "dead-node.test.ts", "requests.ts"];
  expect(chooseFiles(names, [])).toEqual(["dead-node.test.ts", "drift.test.ts"]);
  expect(chooseFiles(names, ["drift"])).toEqual(["drift.test.ts"]);
  expect(() => chooseFiles(names, ["drift", "nothing"])).toThrow("nothing");
  expect(() => chooseFiles(["requests.ts"], [])).toThrow("No file");
});
