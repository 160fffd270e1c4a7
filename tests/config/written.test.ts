import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { readEnvironmentFile as readForCommands } from "../../tools/setup/environment-file";

const root = mkdtempSync(join(tmpdir(), "yard-written-"));
afterAll(() => rmSync(root, { recursive: true }));

function file(text: string): string {
  const path = join(root, "Pulumi.dev.yaml");
  writeFileSync(path, text);
  return path;
}

test("settings beside `config:` are named, not ignored", () => {
  const path = file("swarmyard:hosts:\n  groups: { a: { role: manager } }\nother: 1\n");
  expect(readEnvironmentFile(path).problems).toEqual([
    {
      path: "swarmyard:hosts",
      found: "a setting beside `config:`, not below it",
      allowed: "settings below `config:`",
      fix: "indent it, below a line `config:`",
      line: "Pulumi.dev.yaml:1",
    },
  ]);
  expect(() => readForCommands(root, "dev")).toThrow(
    "swarmyard:hosts  (Pulumi.dev.yaml:1)\n  found:   a setting beside `config:`, not below it",
  );
});

test("a setting without a namespace is one of the project, as Pulumi reads it", () => {
  const path = file(
    "config:\n  hosts: { groups: { a: { role: manager } } }\n  aws:region: eu-west-1\n",
  );
  const { environment, problems } = readEnvironmentFile(path);
  expect(problems).toEqual([]);
  expect(environment?.hosts.map(({ name }) => name)).toEqual(["yard-dev-a-0"]);
});
