import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Runner } from "./runner/runner";

/** A spot machine that AWS takes away, told in order: one manager and one such worker. */
let runner: Runner;
const vpc = "10.79.0.0/16";
const worker = "yard-dev-agent-0";

beforeAll(async () => {
  runner = await Runner.open(vpc);
  for (const group of ["db", "service"]) {
    runner.configure("dev", ["swarmyard:hosts", "groups", group], null);
  }
  runner.configure("dev", ["swarmyard:hosts", "groups", "agent", "count"], 1);
  runner.reachPrivately("dev", vpc);
});
afterAll(() => runner.close());

const backend = () => join(runner.own, "backend");
const state = () => ({
  PULUMI_BACKEND_URL: `file://${backend()}`,
  PULUMI_CONFIG_PASSPHRASE: "runner",
});

async function ours(command: string): Promise<string> {
  const { status, output } = await runner.shell(`npm run -s ${command}`, state());
  expect(status, output).toBe(0);
  return output;
}

async function machine() {
  const all = await runner.cloud.machines();
  const found = all.find(({ name, state }) => name === worker && state === "running");
  if (found === undefined) throw new Error(`there is no ${worker}`);
  return found;
}

/** Names and states of the nodes. */
async function nodes(): Promise<readonly string[]> {
  const format = "--format '{{.Hostname}} {{.Status}}'";
  return (await ours(`docker -- -s dev node ls ${format}`)).trim().split("\n").sort();
}

test("up makes a spot worker", async () => {
  mkdirSync(backend());
  const init = "pulumi stack init dev --no-select --secrets-provider passphrase --non-interactive";
  expect((await runner.shell(init, state())).status).toBe(0);
  await ours("up -- -s dev");
  expect(await nodes()).toEqual([`${worker} Ready`, "yard-dev-platform-0 Ready"]);
});

test("when AWS takes it away, refresh and up recreate it under its name and address", async () => {
  const before = await machine();
  runner.aws("ec2", "terminate-instances", "--instance-ids", before.id);
  await ours("refresh -- -s dev");
  await ours("up -- -s dev");
  const after = await machine();
  expect(after.id).not.toBe(before.id);
  expect(after.address).toBe(before.address);
  expect(await nodes()).toEqual([`${worker} Ready`, "yard-dev-platform-0 Ready"]);
  await ours("preview -- -s dev --expect-no-changes");
});

test("nothing is left", async () => {
  await ours("down -- -s dev --yes");
  expect(await runner.cloud.left()).toEqual([]);
});
