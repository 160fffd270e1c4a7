import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Endpoint } from "../../components/engine/endpoints";
import { readEndpoints, writeSshFiles } from "../../tools/report/ssh-files";
import { nodeUrns } from "../../tools/setup/beforehand";

const folders: string[] = [];
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true });
});

test("what up wrote of its hosts is there for the next one", () => {
  const folder = mkdtempSync(join(tmpdir(), "places-"));
  folders.push(folder);
  const known = { cache: folder, state: folder };
  const shown: Endpoint = {
    name: "db-0",
    role: "worker",
    host: "127.0.0.1",
    port: 20001,
    user: "root",
    hostKey: "ssh-ed25519 AAAA",
  };
  const privateKey = "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n";
  const endpoint: Endpoint = { ...shown, privateKey, sudoPassword: "hidden" };
  expect(readEndpoints(known, "dev")).toEqual([]);
  writeSshFiles(known, "dev", [endpoint], {});
  const keyFile = join(folder, "dev", "ssh", "db-0.key");
  expect(readEndpoints(known, "dev")).toEqual([{ ...shown, keyFile }]);
  expect(readFileSync(keyFile, "utf8")).toBe(privateKey);
  writeSshFiles(known, "dev", [], {});
  expect(readEndpoints(known, "dev")).toEqual([]);
});

test("only nodes that lost their place are read", () => {
  const node = (name: string) => ({
    ...{ urn: `urn::${name}`, type: "swarm:index:Node" },
    inputs: { node: name },
  });
  const other = { urn: "urn::volume", type: "swarm:index:Volume", inputs: { node: "b" } };
  const state = { deployment: { resources: [node("a"), node("b"), other] } };
  expect(nodeUrns(state, ["b", "c"])).toEqual(["urn::b"]);
  expect(nodeUrns({}, ["b"])).toEqual([]);
});
