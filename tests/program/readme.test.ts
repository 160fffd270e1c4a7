import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { environmentMap } from "../../tools/report/drawing";

const root = path.resolve(__dirname, "../..");
const readme = fs.readFileSync(path.join(root, "README.md"), "utf8");

test("the README's map is the local environment's", () => {
  const { environment } = readEnvironmentFile(path.join(root, "Pulumi.local.yaml"));
  if (environment === undefined) throw new Error("Pulumi.local.yaml has problems");
  expect(readme).toContain(environmentMap(environment).trim());
});

test("every command that the README names is a script, and every script is named", () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  const named = [...readme.matchAll(/npm run ([a-z][a-z:-]*)|npm (test)/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  const known = Object.keys(scripts);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  const forUsers = Object.keys(scripts).filter((name) => !["check", "format"].includes(name));
  expect(forUsers.filter((name) => !named.includes(name))).toEqual([]);
});

test("the README's example of an own app is accepted", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "swarmyard-readme-"));
  try {
    const shop = path.join(folder, "platforms/shop");
    fs.mkdirSync(path.join(shop, "web"), { recursive: true });
    fs.writeFileSync(path.join(shop, "web/Dockerfile"), "FROM scratch\n");
    const [, block = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    fs.writeFileSync(path.join(shop, "index.ts"), block);
    fs.symlinkSync(path.join(root, "platforms/demo"), path.join(folder, "platforms/demo"));
    fs.copyFileSync(path.join(root, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    const local = fs.readFileSync(path.join(root, "Pulumi.local.yaml"), "utf8");
    const file = path.join(folder, "Pulumi.local.yaml");
    fs.writeFileSync(file, local.replace("demo: {}", "demo: {}\n    shop: {}"));
    const { environment, problems } = readEnvironmentFile(file);
    expect(problems).toEqual([]);
    expect(environment?.platforms.map(({ name }) => name)).toEqual(["demo", "shop"]);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
