import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readEnvironmentFile, readForRemoval } from "../../tools/setup/environment-file";

let folder: string;
let folders: { readonly cache: string; readonly state: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "removal-"));
  folders = { cache: "", state: join(folder, "state") };
  vi.stubEnv("SWARMYARD_STATE", folders.state);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: yard\nruntime: nodejs\n");
  writeFileSync(join(folder, "Pulumi.local.yaml"), "encryptionsalt: own\nconfig: {}\n");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function makeState(stack: string, checkpoint: object): void {
  const stacks = join(folders.state, stack, "backend/.pulumi/stacks/yard");
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stacks, `${stack}.json`), JSON.stringify({ version: 3, checkpoint }));
}

test("an environment whose file is gone is removed by its state, with the state's salt", () => {
  const secrets = { type: "passphrase", state: { salt: "v1:kept" } };
  makeState("alice", { latest: { secrets_providers: secrets } });
  makeState("bob", { latest: null });
  expect(readForRemoval(folder, "alice", folders)).toEqual({
    project: "yard",
    local: true,
    aws: false,
    keepsData: true,
    salt: "v1:kept",
  });
  expect(readForRemoval(folder, "bob", folders)).toEqual({
    project: "yard",
    local: true,
    aws: false,
    keepsData: true,
  });
});

test("a file that exists counts, also when there is a state", () => {
  makeState("local", { latest: { secrets_providers: { state: { salt: "other" } } } });
  expect(readForRemoval(folder, "local", folders).salt).toBe("own");
});

test("a file in a platform's folder counts too, but not a second one of the same name", () => {
  const shop = join(folder, "platforms/shop");
  mkdirSync(shop, { recursive: true });
  writeFileSync(join(shop, "Pulumi.shop.yaml"), "config: {}\n");
  expect(readEnvironmentFile(folder, "shop")).toMatchObject({
    project: "yard",
    path: join(shop, "Pulumi.shop.yaml"),
  });
  writeFileSync(join(folder, "Pulumi.shop.yaml"), "config: {}\n");
  expect(() => readEnvironmentFile(folder, "shop")).toThrow(
    "There are 2 environments shop: Pulumi.shop.yaml, platforms/shop/Pulumi.shop.yaml.\nRename all but one of these files.",
  );
});

test("small images count among what is built only when they are wanted", () => {
  const standIns = "swarmyard:standIns: { redis: { context: small/redis } }";
  writeFileSync(
    join(folder, "Pulumi.local.yaml"),
    `config:\n  swarmyard:platforms: { shop: {} }\n  ${standIns}\n`,
  );
  const { platforms, standIns: named } = readEnvironmentFile(folder, "local");
  expect([platforms, named]).toEqual([["shop"], true]);
  vi.stubEnv("SWARMYARD_STAND_INS", "true");
  expect(readEnvironmentFile(folder, "local").platforms).toEqual(["shop", "../small/redis"]);
});

test("a name without file and state is refused; other commands say how to remove a state", () => {
  expect(() => readForRemoval(folder, "carol", folders)).toThrow(
    "There is no environment carol: no file Pulumi.carol.yaml.\nCopy one of the others (local), or add: -s local",
  );
  makeState("alice", { latest: null });
  expect(() => readEnvironmentFile(folder, "alice")).toThrow(
    /Its state is still here; to remove it, \w+: npm run down -- -s alice$/,
  );
});
