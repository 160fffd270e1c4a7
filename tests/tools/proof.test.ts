import { expect, test } from "vitest";
import { awsPage } from "../../tools/test/aws-page";
import { chooseFiles } from "../../tools/test/files";
import { type FileResult, withResult } from "../../tools/test/proof";
import { chosenEngine, versionsOf } from "../../tools/test/tested-engines";
import { trustPage } from "../../tools/test/trust-page";

const result = (file: string, more: Partial<FileResult> = {}): FileResult => ({
  file,
  at: new Date("2026-11-21T14:35:10Z"),
  seconds: 12.4,
  place: "2 cores",
  engines: ["26.1.5"],
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
      "- Docker 26.1.5: 2026-11-21 14:35 UTC, 12 s in all; 2 cores.",
      "",
      "| scenario | engine | failed requests | seconds | result |",
      "| --- | --- | --: | --: | --- |",
      "| one | 26.1.5 | 0 | 3.2 | passed |",
      "| two \\| three | 26.1.5 | – | 0.0 | not run |",
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

test("results on another Docker engine stay, in the order of the engines", () => {
  const file = "tests/trust/a.test.ts";
  const on = (engines: readonly string[], seconds: number) => result(file, { engines, seconds });
  const newest = withResult(trustPage, "", on(["26.1.5"], 10));
  const mixed = withResult(trustPage, newest, on(["20.10.24", "26.1.5"], 20));
  const oldest = withResult(trustPage, mixed, on(["9.0.1"], 30));
  const again = withResult(trustPage, oldest, on(["26.1.5"], 40));
  const runs = [...again.matchAll(/^- Docker (.*): .*, (\d+) s in all/gm)];
  expect(runs.map(([, engine, seconds]) => `${engine} ${seconds}`)).toEqual([
    "9.0.1 30",
    "20.10.24 and 26.1.5 20",
    "26.1.5 40",
  ]);
  expect(again.match(/^\| two .*$/gm)).toEqual([
    "| two \\| three | 9.0.1 | – | 0.0 | not run |",
    "| two \\| three | 20.10.24 and 26.1.5 | – | 0.0 | not run |",
    "| two \\| three | 26.1.5 | – | 0.0 | not run |",
  ]);
});

test("a file's engines are those that its own nodes had", () => {
  const lines = "/a.test.ts 26.1.5\n/b.test.ts 28.5.2\n/a.test.ts 20.10.24\n/a.test.ts 26.1.5\n";
  expect(versionsOf("/a.test.ts", lines)).toEqual(["20.10.24", "26.1.5"]);
  expect(versionsOf("/c.test.ts", lines)).toEqual([]);
  const page = withResult(trustPage, "", result("tests/trust/a.test.ts", { engines: [] }));
  expect(page).toContain("| one | – | 0 | 3.2 | passed |");
});

test("a generation is chosen by its release, and one that does not exist is refused", () => {
  expect(chosenEngine(["--engine", "debian-12", "killed"])).toEqual({
    engine: "debian-12",
    words: ["killed"],
  });
  expect(chosenEngine(["--engine=sid"])).toEqual({ engine: "debian-sid", words: [] });
  expect(chosenEngine(["killed"])).toEqual({ words: ["killed"] });
  expect(() => chosenEngine(["--engine", "debian-11"])).toThrow(
    "There is no Docker engine debian-11 to test.",
  );
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
      "| check | engine | result | seconds |",
      "| --- | --- | --- | --: |",
      "| one | 26.1.5 | passed | 3.2 |",
      "| two \\| three | 26.1.5 | not run | 0.0 |",
    ].join("\n"),
  );
});

test("a refused word names the folder that was looked in", () => {
  expect(() => chooseFiles("tests/aws", ["dev.test.ts"], ["nothing"])).toThrow("tests/aws");
});
