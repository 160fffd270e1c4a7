import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { secretValue } from "../../components/config/secret-value";

const stack = "secret-value-test";
const file = join(resolve(__dirname, "..", ".."), `Pulumi.${stack}.secrets.yaml`);

beforeEach(async () => {
  const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks, "swarmyard", stack);
});
afterEach(() => {
  rmSync(file, { force: true });
  pulumi.runtime.setAllConfig({}, []);
});

/** A value, and whether it is a secret. */
const read = async (key: string) => {
  const value = secretValue(key);
  const text = await new Promise((resolved) => value.apply(resolved));
  return [text, await pulumi.isSecret(value)];
};

test("a secret comes from Pulumi config, or else from the file of a local environment", async () => {
  writeFileSync(file, "apiToken: of the file\nother: of the file\n", { mode: 0o600 });
  pulumi.runtime.setAllConfig({ "swarmyard:apiToken": "of Pulumi" }, ["swarmyard:apiToken"]);
  expect(await read("apiToken")).toEqual(["of Pulumi", true]);
  expect(await read("other")).toEqual(["of the file", true]);
  expect(() => secretValue("third")).toThrow("third");
});
