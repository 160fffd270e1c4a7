import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { overBase } from "../../components/config/file/base";
import { readEnvironmentFile } from "../../components/config/file/environment-file";

const folder = mkdtempSync(join(tmpdir(), "swarmyard-base-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bases = { cloud: { hosts: { groups: { db: { labels: ["db"] }, gpu: {} } }, prefix: "vm" } };

test("maps are merged by key, null removes a value of the base, the rest replaces", () => {
  const own = {
    base: "cloud",
    prefix: "blue",
    hosts: { groups: { db: { count: 2 }, gpu: null, web: null } },
  };
  expect(overBase({ ...own, bases })).toEqual({
    values: {
      base: "cloud",
      prefix: "blue",
      hosts: { groups: { db: { labels: ["db"], count: 2 }, web: null } },
    },
    problems: [],
  });
});

test("without a base nothing is merged", () => {
  expect(overBase({ prefix: "blue", bases })).toEqual({ values: { prefix: "blue" }, problems: [] });
});

test("an unknown base is named, with the nearest one", () => {
  const { problems } = overBase({ base: "clod", bases });
  expect(problems).toMatchObject([
    {
      path: "swarmyard:base",
      found: '"clod"',
      allowed: "a key of swarmyard:bases in Pulumi.yaml: cloud",
      fix: "did you mean `cloud`?",
    },
  ]);
});

test("a problem points to the file or to the base, where its value is", () => {
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: swarmyard
config:
  swarmyard:bases:
    value:
      cloud:
        hosts:
          groups:
            platform: { role: manager }
            db:
              count: many
`,
  );
  const file = join(folder, "Pulumi.dev.yaml");
  writeFileSync(
    file,
    `config:
  swarmyard:base: cloud
  swarmyard:hosts:
    groups:
      platform:
        count: none
`,
  );
  const { problems } = readEnvironmentFile(file);
  const lines = Object.fromEntries(problems.map(({ path, line }) => [path, line]));
  expect(lines).toEqual({
    "swarmyard:hosts.groups.platform.count": "Pulumi.dev.yaml:6",
    "swarmyard:hosts.groups.db.count": "Pulumi.yaml:10",
  });
});
