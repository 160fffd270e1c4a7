import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { kinds } from "../../components/provider/kinds";
import { generated } from "../../tools/generate/generate";

const root = path.join(__dirname, "../..");
let made: { readonly [path: string]: string } = {};

beforeAll(() => {
  made = generated(root);
}, 120_000);

test.each([
  "components/provider/schema.json",
  "docs/schema/environment.json",
  "docs/compose.md",
  "docs/reference.md",
])("%s is what the code says; if not, run: npm run generate", (file) => {
  expect(fs.readFileSync(path.join(root, file), "utf8")).toBe(made[file]);
});

describe("the provider's schema", () => {
  const schema = JSON.parse(
    fs.readFileSync(path.join(root, "components/provider/schema.json"), "utf8"),
  );

  test("has each kind, with its required inputs and its outputs", () => {
    expect(Object.keys(schema.resources).sort()).toEqual([...kinds.keys()].sort());
    const { requiredInputs, required, properties } = schema.resources["swarm:index:Secret"];
    expect(requiredInputs).toEqual(["base"]);
    expect(required).toEqual(["base", "labels", "name", "secretId"]);
    expect(properties.data.secret).toBe(true);
  });

  test("refers to types that it has, and has none that nothing refers to", () => {
    const refs = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/types\/([^"]+)"/g)].map(
      ([, token]) => token,
    );
    expect([...new Set(refs)].sort()).toEqual(Object.keys(schema.types).sort());
  });
});

test("every key of environment files and services has a sentence, a default or an example", () => {
  const sections = made["docs/reference.md"]?.split(/^## /m) ?? [];
  const lines = [sections[1], sections[3]].join("\n").split("\n");
  const rows = lines.filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(150);
  expect(rows.filter((row) => /\| (none|required) \| +\| +\|$/.test(row))).toEqual([]);
});

test("environment files name their schema, in a comment that Pulumi does not read", () => {
  for (const file of fs.readdirSync(root).filter((name) => /^Pulumi\..+\.yaml$/.test(name))) {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    expect(text.split("\n")[0]).toBe(
      "# yaml-language-server: $schema=docs/schema/environment.json",
    );
    const { properties } = JSON.parse(made["docs/schema/environment.json"] ?? "").properties.config;
    const ours = Object.keys(parse(text).config).filter((key) => key.startsWith("swarmyard:"));
    expect(ours.filter((key) => properties[key] === undefined)).toEqual([]);
  }
});

test("a new field is in one file of code: oomScoreAdj", () => {
  const files = fs
    .readdirSync(path.join(root, "components"), { recursive: true, encoding: "utf8" })
    // What Docker's own files call it is another language, with a table of its own.
    .filter((file) => /\.(ts|json)$/.test(file) && !/(^|\/)compose/.test(file))
    .filter((file) =>
      fs.readFileSync(path.join(root, "components", file), "utf8").includes("oomScoreAdj"),
    );
  // The second one is generated.
  expect(files.sort()).toEqual(["model/service/container.ts", "provider/schema.json"]);
});
