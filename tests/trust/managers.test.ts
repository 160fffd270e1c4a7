import { afterAll, beforeAll, expect, test } from "vitest";
import { Yard } from "../e2e/yard";

/** A swarm without platforms: only its nodes matter here. */
let yard: Yard;
const groups = ["swarmyard:hosts", "groups"];

beforeAll(() => {
  yard = new Yard("managers");
  yard.set(["swarmyard:platforms"], {});
  yard.set([...groups, "platform", "count"], 3);
  yard.set([...groups, "agent"], undefined);
  yard.set([...groups, "service"], undefined);
});
afterAll(() => yard.close());

async function up(): Promise<void> {
  const { status, output } = await yard.run("up");
  expect(status, output).toBe(0);
}

/** Nodes by the end of their name: role and state. */
async function nodes(): Promise<{ [name: string]: string }> {
  const format = "{{.Hostname}} {{if .ManagerStatus}}manager{{else}}worker{{end}} {{.Status}}";
  const lines = (await yard.docker("node", "ls", "--format", format)).trim().split("\n");
  const named = lines.map((line) => line.split(" "));
  return Object.fromEntries(
    named.map(([name = "", role, state]) => [
      name.split("-").slice(-2).join("-"),
      `${role} ${state}`,
    ]),
  );
}

test("three managers join one swarm", async () => {
  await up();
  expect(await nodes()).toEqual({
    "platform-0": "manager Ready",
    "platform-1": "manager Ready",
    "platform-2": "manager Ready",
    "db-0": "worker Ready",
  });
});

test("with the first manager stopped, preview and refresh go through another", async () => {
  const first = Object.keys(yard.machines()).find((name) => name.endsWith("platform-0")) ?? "";
  yard.engine("pause", first);
  try {
    const preview = await yard.run("preview", ["--expect-no-changes"]);
    expect(preview.status, preview.output).toBe(0);
    const refresh = await yard.run("refresh");
    expect(refresh.status, refresh.output).toBe(0);
    expect((await nodes())["platform-0"]).toMatch(/manager (Down|Unknown)/);
  } finally {
    yard.engine("unpause", first);
  }
});

test("a worker is promoted and demoted in place", async () => {
  yard.set([...groups, "platform", "count"], 2);
  yard.set([...groups, "db", "role"], "manager");
  await up();
  expect(await nodes()).toEqual({
    "platform-0": "manager Ready",
    "platform-1": "manager Ready",
    "db-0": "manager Ready",
  });
  yard.set([...groups, "platform", "count"], undefined);
  yard.set([...groups, "db", "role"], undefined);
  await up();
  expect(await nodes()).toEqual({ "platform-0": "manager Ready", "db-0": "worker Ready" });
  const { status, output } = await yard.run("preview", ["--expect-no-changes"]);
  expect(status, output).toBe(0);
});
