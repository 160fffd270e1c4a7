import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { resolved } from "../recorder";
import { configOf, runFile, runProgram } from "./run";

const root = path.resolve(__dirname, "../..");
const files = fs.readdirSync(root).filter((name) => /^Pulumi\.\w+\.yaml$/.test(name));

vi.setConfig({ testTimeout: 60_000 });
afterEach(() => vi.restoreAllMocks());

test("there is a local, a dev and a prod file", () => {
  expect(files).toEqual(
    expect.arrayContaining(["Pulumi.dev.yaml", "Pulumi.local.yaml", "Pulumi.prod.yaml"]),
  );
});

describe("Pulumi.local.yaml", () => {
  test("makes four hosts, one swarm and the demo", async () => {
    const { recorder } = await runFile("Pulumi.local.yaml");
    const count = (type: string) =>
      recorder.list().filter((entry) => entry.startsWith(`${type} `)).length;
    expect(count("swarm:hosts:Local")).toBe(4);
    expect(count("swarm:index:Cluster")).toBe(1);
    expect(count("swarm:index:Node")).toBe(4);
    expect(count("swarm:index:Service")).toBe(5);
    expect(count("swarm:index:Rollout")).toBe(1);
    expect(count("swarm:network:Entry")).toBe(1);
  });

  test("exports what the tools read", async () => {
    const { program } = await runFile("Pulumi.local.yaml");
    expect(await resolved(program.open)).toBe("http://127.0.0.1:8080/");
    expect(await resolved((program.pages as { [platform: string]: never }).demo)).toBe(
      "http://127.0.0.1:8080/",
    );
    expect(Object.keys(program.nodes as object)).toHaveLength(4);
    expect(program.services).toMatchObject({ demo: expect.arrayContaining(["demo_web"]) });
    expect(await pulumi.isSecret(program.endpoints as pulumi.Output<unknown>)).toBe(true);
  });

  test("hands the logins of registries to the services, as a secret", async () => {
    // Not the name of a file: secrets under its public passphrase are refused.
    const { recorder } = await runProgram("logins", {
      ...configOf("Pulumi.local.yaml"),
      "swarmyard:registries": { "ghcr.io": { user: "me", password: "ghcrPassword" } },
      "swarmyard:ghcrPassword": { secure: "hush" },
    });
    const { registryAuth } = recorder.inputs("pulumi:providers:swarm", "swarm-provider");
    expect(JSON.parse(String(registryAuth))).toEqual([
      { host: "ghcr.io", user: "me", password: "hush" },
    ]);
    expect(recorder.secrets("pulumi:providers:swarm", "swarm-provider")).toContain("registryAuth");
  });

  test("puts no private key in clear into any input", async () => {
    const { recorder } = await runFile("Pulumi.local.yaml");
    for (const entry of recorder.list()) {
      const [type = "", name = ""] = entry.split(" ");
      for (const [key, value] of Object.entries(recorder.inputs(type, name))) {
        if (!JSON.stringify(value ?? null).includes("private ")) continue;
        expect(recorder.secrets(type, name), `${entry} ${key}`).toContain(key);
      }
    }
  });
});
