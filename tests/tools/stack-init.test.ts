import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEnvironmentFile } from "../../tools/setup/environment-file";
import { takeStackInit } from "../../tools/setup/stack-init";

const own = "# Three servers.\nconfig:\n  swarmyard:hosts: { kind: ssh } # theirs\n";
const salt = "encryptionsalt: v1:abc=:v1:def:ghi==\n";

let project: string;
const written = () => join(project, "Pulumi.coins.yaml");
const file = () => join(project, "platforms/coins/Pulumi.coins.yaml");

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "stack-init-"));
  writeFileSync(join(project, "Pulumi.yaml"), "name: yard\nruntime: nodejs\n");
  mkdirSync(join(project, "platforms/coins"), { recursive: true });
  writeFileSync(file(), own);
});
afterEach(() => rmSync(project, { recursive: true }));

test.each([salt, "secretsprovider: awskms://alias/yard\nencryptedkey: AQI=\n"])(
  "what it wrote beside the project's file goes into the environment's own: %s",
  (lines) => {
    writeFileSync(written(), lines);
    expect(takeStackInit(project, "coins")).toBe(
      "Moved what pulumi stack init wrote in Pulumi.coins.yaml into platforms/coins/Pulumi.coins.yaml: commit that.",
    );
    expect(existsSync(written())).toBe(false);
    expect(readFileSync(file(), "utf8")).toBe(own.replace("config:", `${lines}config:`));
    expect(takeStackInit(project, "coins")).toBeUndefined();
  },
);

test("the environment is read with its salt", () => {
  writeFileSync(written(), salt);
  const { path, salt: read } = readEnvironmentFile(project, "coins");
  expect({ path, read }).toEqual({ path: file(), read: "v1:abc=:v1:def:ghi==" });
});

test("a second environment of the same name stays, and is an error", () => {
  writeFileSync(written(), `${salt}config: {}\n`);
  expect(takeStackInit(project, "coins")).toBeUndefined();
  expect(() => readEnvironmentFile(project, "coins")).toThrow("There are 2 environments coins");
});

test("a second salt does not take the place of the first, with which values are encrypted", () => {
  writeFileSync(file(), `encryptionsalt: v1:first\n${own}`);
  writeFileSync(written(), salt);
  expect(takeStackInit(project, "coins")).toBeUndefined();
  expect(readFileSync(written(), "utf8")).toBe(salt);
});
