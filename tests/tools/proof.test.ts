import { expect, test } from "vitest";
import { awsPage } from "../../tools/test/aws-page";
import { chooseFiles } from "../../tools/test/files";
import { type FileResult, withResult } from "../../tools/test/proof";
import { trustPage } from "../../tools/test/trust-page";

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
  const page = withResult(trustPage, "", result("tests/trust/a.test.ts"));
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

test("a file that is run again replaces its own part and leaves the others", () => {
  const first = withResult(trustPage, "", result("tests/trust/b.test.ts"));
  const both = withResult(trustPage, first, result("tests/trust/a.test.ts"));
  const again = withResult(trustPage, both, result("tests/trust/a.test.ts", { seconds: 99 }));
  expect(again).toBe(both.replace("12 s in all", "99 s in all"));
  expect([...again.matchAll(/^## .*$/gm)].map(([title]) => title)).toEqual([
    "## tests/trust/a.test.ts",
    "## tests/trust/b.test.ts",
  ]);
});

test("a file without tests has failed", () => {
  expect(withResult(trustPage, "", result("tests/trust/a.test.ts", { scenarios: [] }))).toContain(
    "failed",
  );
});

test("words choose files, and a word that chooses none is refused", () => {
  const names = ["drift.test.ts", "dead-node.test.ts", "requests.ts"];
  expect(chooseFiles("tests/trust", names, [])).toEqual(["dead-node.test.ts", "drift.test.ts"]);
  expect(chooseFiles("tests/trust", names, ["drift"])).toEqual(["drift.test.ts"]);
  expect(() => chooseFiles("tests/trust", names, ["drift", "nothing"])).toThrow("nothing");
  expect(() => chooseFiles("tests/trust", ["requests.ts"], [])).toThrow("No file");
});

test("another page has its own introduction and columns", () => {
  const page = withResult(awsPage, "", result("tests/aws/dev.test.ts"));
  expect(page).toContain("npm run test:aws");
  expect(page).toContain(
    [
      "| check | result | seconds |",
      "| --- | --- | --: |",
      "| one | passed | 3.2 |",
      "| two \\| three | not run | 0.0 |",
    ].join("\n"),
  );
});

test("a refused word names the folder that was looked in", () => {
  expect(() => chooseFiles("tests/aws", ["dev.test.ts"], ["nothing"])).toThrow("tests/aws");
});
