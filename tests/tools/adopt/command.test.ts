import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFiles } from "../../../tools/adopt/files";
import { readRequest } from "../../../tools/adopt/request";

test("addresses have a user and a port of their own; the key and the jump host count for all", () => {
  expect(readRequest(["203.0.113.10", "admin@db-0.example.org:2222"])).toEqual({
    places: [
      { user: "root", host: "203.0.113.10", port: 22 },
      { user: "admin", host: "db-0.example.org", port: 2222 },
    ],
    overwrite: false,
  });
  expect(readRequest(["--", "a", "--key", "~/k", "--via", "ops@jump:23", "--overwrite"])).toEqual({
    places: [{ user: "root", host: "a", port: 22 }],
    keyFile: "~/k",
    via: { user: "ops", host: "jump", port: 23 },
    overwrite: true,
  });
});

test("the password of sudo is asked for, never an argument, and only where somebody needs it", () => {
  expect(readRequest(["ops@a", "b", "--sudo"])).toEqual({
    places: [
      { user: "ops", host: "a", port: 22 },
      { user: "root", host: "b", port: 22 },
    ],
    sudo: true,
    overwrite: false,
  });
  expect(() => readRequest(["a", "--sudo"])).toThrow(
    "With --sudo, no user is named who needs sudo.\nRun: npm run adopt -- -s prod admin@203.0.113.10 --sudo",
  );
  expect(() => readRequest(["ops@a", "--sudo=open sesame"])).toThrow("does not take an argument");
});

test("no address, a wrong one and an unknown option are refused with an example", () => {
  const example = "Run: npm run adopt -- -s prod root@203.0.113.10";
  expect(() => readRequest([])).toThrow(`No address of a manager is given.\n${example}`);
  expect(() => readRequest(["ssh://x"])).toThrow('"ssh://x" is not an address');
  expect(() => readRequest(["a", "--force"])).toThrow("--force");
});

test("files are written together, or not at all while one exists; overwriting is said", () => {
  const root = mkdtempSync(join(tmpdir(), "adopt-files-"));
  const files = [
    { path: "Pulumi.x.yaml", text: "new\n" },
    { path: "platforms/web/index.ts", text: "web\n" },
  ];
  writeFileSync(join(root, "Pulumi.x.yaml"), "old\n");
  expect(() => writeFiles(root, files, false)).toThrow(
    "Pulumi.x.yaml exists already; nothing was written.",
  );
  expect(existsSync(join(root, "platforms"))).toBe(false);
  expect(writeFiles(root, files, true)).toEqual([
    "wrote over Pulumi.x.yaml",
    "wrote platforms/web/index.ts",
  ]);
  expect(readFileSync(join(root, "Pulumi.x.yaml"), "utf8")).toBe("new\n");
  rmSync(root, { recursive: true });
});

test("a platform of compose files with the same name is not hidden, not even with --overwrite", () => {
  const root = mkdtempSync(join(tmpdir(), "adopt-compose-"));
  const files = [
    { path: "Pulumi.x.yaml", text: "new\n" },
    { path: "platforms/web/index.ts", text: "web\n" },
    { path: "platforms/db/index.ts", text: "db\n" },
  ];
  mkdirSync(join(root, "platforms/web"), { recursive: true });
  mkdirSync(join(root, "platforms/db"));
  writeFileSync(join(root, "platforms/web/docker-compose.yml"), "services: {}\n");
  for (const overwrite of [false, true]) {
    expect(() => writeFiles(root, files, overwrite)).toThrow(
      "An index.ts would hide platforms/web/docker-compose.yml; nothing was written.\nMove the folder away",
    );
  }
  expect(existsSync(join(root, "Pulumi.x.yaml"))).toBe(false);
  // Beside an index.ts it counted for nothing before.
  writeFileSync(join(root, "platforms/web/index.ts"), "old\n");
  expect(writeFiles(root, files, true)).toEqual([
    "wrote Pulumi.x.yaml",
    "wrote over platforms/web/index.ts",
    "wrote platforms/db/index.ts",
  ]);
  rmSync(root, { recursive: true });
});
