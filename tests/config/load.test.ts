import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadEnvironment } from "../../components/config/load";

const hosts = {
  groups: { a: { role: "manager", labels: ["db", "platform", "agent", "service"] } },
};

beforeEach(async () => {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "swarmyard",
    "load-test",
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  pulumi.runtime.setAllConfig({}, []);
});

function configure(values: { readonly [key: string]: unknown }, secrets: readonly string[] = []) {
  const entries = Object.entries(values).map(([key, value]) => [
    `swarmyard:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(
    { "aws:region": "eu-west-1", ...Object.fromEntries(entries) },
    secrets.map((key) => `swarmyard:${key}`),
  );
}

describe("loadEnvironment", () => {
  test("reads Pulumi config, maps as JSON, and the platforms that it names", () => {
    configure({
      prefix: "blue",
      hosts,
      swarm: { discovery: "dnsrr", publish: "host" },
      platforms: { demo: { services: { agent: { replicas: 1 } } } },
    });
    const environment = loadEnvironment({ ipvs: undefined });
    expect(environment).toMatchObject({ name: "load-test", prefix: "blue" });
    expect(environment.platforms[0]?.plan.services.agent?.replicas).toBe(1);
  });

  test("fails once, with all problems as a numbered list", () => {
    configure({ prefix: "Blue", hosts: { groups: { a: {} } }, swrm: {} });
    let error: unknown;
    try {
      loadEnvironment({ ipvs: undefined });
    } catch (thrown) {
      error = thrown;
    }
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect((error as Error).message).toMatchInlineSnapshot(`
      "3 problems in the settings of "load-test":
      1. swarmyard:prefix
           found:   "Blue"
           allowed: up to 20 lowercase letters, digits and \`-\`, such as \`yard\`
           fix:     \`prefix: yard\`
      2. swarmyard:swrm
           found:   an unknown key
           allowed: base, prefix, timeToLive, protected, hosts, share, registry, registries, swarm, aws, standIns, platforms
           fix:     did you mean \`swarm\`?
      3. swarmyard:hosts.groups
           found:   no manager: all hosts are workers
           allowed: at least one host with \`role: manager\`; 3 or 5 survive the loss of 1 or 2
           fix:     \`role: manager\` in one of the groups a"
    `);
  });

  test("logs warnings and continues", () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
    configure({ hosts: { groups: { a: { role: "manager", count: 2 } } } });
    expect(loadEnvironment({ ipvs: undefined }).hosts).toHaveLength(2);
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      expect.stringContaining("2 managers: yard-load-test-a-0, yard-load-test-a-1"),
    ]);
  });

  test("keeps secrets out, and refuses settings that are encrypted", () => {
    configure({ hosts, apiToken: "hunter2" }, ["apiToken"]);
    expect(JSON.stringify(loadEnvironment({ ipvs: undefined }))).not.toContain("hunter2");
    configure({ hosts, share: { path: "/hunter2" } }, ["share"]);
    expect(() => loadEnvironment({ ipvs: undefined })).toThrow("an encrypted setting");
    expect(() => loadEnvironment({ ipvs: undefined })).not.toThrow("hunter2");
  });
});
