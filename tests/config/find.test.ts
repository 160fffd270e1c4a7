import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import {
  environmentFiles,
  environmentPath,
  projectOfFile,
} from "../../components/config/file/find";
import { readLocalSecrets } from "../../components/config/file/local-secrets";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A project with these files; gives its folder. */
function project(files: { readonly [path: string]: string }): string {
  const root = mkdtempSync(join(tmpdir(), "yard-find-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o600 });
  }
  return root;
}

test("environments are in the project's folder and in those of platforms, secrets are none", () => {
  const root = project({
    "Pulumi.yaml": "name: yard\n",
    "Pulumi.local.yaml": "",
    "platforms/shop/Pulumi.shop.yaml": "",
    "platforms/shop/Pulumi.shop-aws.yaml": "",
    "platforms/shop/Pulumi.shop.secrets.yaml": "",
    "platforms/shop/deep/Pulumi.deep.yaml": "",
    "platforms/README.md": "",
  });
  expect(environmentFiles(root)).toEqual([
    { name: "local", path: join(root, "Pulumi.local.yaml") },
    { name: "shop-aws", path: join(root, "platforms/shop/Pulumi.shop-aws.yaml") },
    { name: "shop", path: join(root, "platforms/shop/Pulumi.shop.yaml") },
  ]);
});

test("the project's folder comes before platforms, and is where a missing file would be", () => {
  const root = project({
    "Pulumi.one.yaml": "",
    "platforms/a/Pulumi.one.yaml": "",
    "platforms/b/Pulumi.two.yaml": "",
  });
  expect(environmentPath(root, "one")).toBe(join(root, "Pulumi.one.yaml"));
  expect(environmentPath(root, "two")).toBe(join(root, "platforms/b/Pulumi.two.yaml"));
  expect(environmentPath(root, "three")).toBe(join(root, "Pulumi.three.yaml"));
});

test("a file in a platform's folder belongs to the project above platforms", () => {
  expect(projectOfFile("/yard/platforms/shop/Pulumi.shop.yaml")).toBe("/yard");
  expect(projectOfFile("/yard/Pulumi.local.yaml")).toBe("/yard");
  expect(projectOfFile("/yard/other/shop/Pulumi.shop.yaml")).toBe("/yard/other/shop");
});

test("an environment in a platform's folder reads its files and secrets from there, and its base from the project", () => {
  const root = project({
    "Pulumi.yaml": `name: yard
config:
  swarmyard:bases:
    value: { small: { hosts: { groups: { node: { role: manager } } } } }
`,
    "platforms/shop/Pulumi.shop.yaml": `config:
  swarmyard:base: small
  swarmyard:swarm: { discovery: dnsrr, publish: host }
  swarmyard:platforms:
    store: { compose: [store.yml], envFiles: [tags.env] }
`,
    "platforms/shop/store.yml": "services: { web: { image: 'web:${TAG}' } }\n",
    "platforms/shop/tags.env": "TAG=v3\n",
    "platforms/shop/Pulumi.shop.secrets.yaml": "token: abc\n",
  });
  const path = join(root, "platforms/shop/Pulumi.shop.yaml");
  const { environment, problems } = readEnvironmentFile(path);
  expect(problems).toEqual([]);
  expect(environment?.hosts.map(({ name }) => name)).toEqual(["yard-shop-node-0"]);
  expect(environment?.platforms[0]?.plan.services.web?.image).toEqual({
    kind: "reference",
    reference: "web:v3",
  });
  expect(readLocalSecrets(root, "shop").values).toEqual({ token: "abc" });
});
