import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Yard } from "../e2e/yard";

/**
 * Nodes that lose their place in the swarm, each in a way of its own, and the next `up`. The platform has a
 * service for the node with the label `db` and one for every other node.
 */
let yard: Yard;
const groups = ["swarmyard:hosts", "groups"];
const managers = ["platform-0", "platform-1", "platform-2"];

const platform = `import type { PlatformSpec } from "../../components/model/platform/spec";

const idle = { image: { build: "idle" }, init: true, stopGracePeriod: "1s" } as const;

export const platform: PlatformSpec = {
  folder: __dirname,
  images: { idle: { context: "idle" } },
  services: {
    data: { ...idle, placement: { constraints: ["node.labels.db == true"] } },
    others: { ...idle, mode: "global", placement: { constraints: ["node.labels.db != true"] } },
  },
  rollout: { timeout: "3m", steady: "2s" },
};
`;

beforeAll(() => {
  yard = new Yard("places");
  yard.set([...groups, "platform", "count"], 3);
  yard.set([...groups, "agent"], undefined);
  yard.set([...groups, "service"], undefined);
  yard.set(["swarmyard:share"], { kind: "none" });
  yard.set(["swarmyard:platforms"], { places: {} });
  const folder = path.join(yard.folder, "platforms/places");
  fs.mkdirSync(path.join(folder, "idle"), { recursive: true });
  fs.writeFileSync(path.join(folder, "index.ts"), platform);
  const image = 'FROM debian:12-slim\nCMD ["sleep", "infinity"]\n';
  fs.writeFileSync(path.join(folder, "idle/Dockerfile"), image);
  yard.commit();
});
afterAll(() => yard.close());

/** Name of a host's container. */
const container = (host: string) => `swarmyard-places-yard-places-${host}`;

/** Runs docker on a host's own engine. */
const onHost = (host: string, ...args: string[]) =>
  yard.engine("exec", container(host), "docker", ...args);

/** All entries of the swarm: id, host, role, state, in the order of hosts. */
async function entries(): Promise<{ readonly id: string; readonly about: string }[]> {
  const format = "{{.ID}} {{.Hostname}} {{.ManagerStatus}} {{.Status}}";
  const lines = (await yard.docker("node", "ls", "--format", format)).trim().split("\n");
  return lines
    .map((line) => line.replace("yard-places-", "").split(" "))
    .map(([id = "", host, ...states]) => {
      const role = states.length > 1 && states[0] !== "" ? "manager" : "worker";
      return { id, about: `${host} ${role} ${states.at(-1)}` };
    })
    .sort((a, b) => a.about.localeCompare(b.about));
}

const whole = ["db-0 worker Ready", ...managers.map((name) => `${name} manager Ready`)];

/** Runs `up`, which must give every host its place back within two minutes, and leave nothing to do. */
async function mended(): Promise<string> {
  const started = Date.now();
  const { status, output } = await yard.run("up");
  expect(status, output).toBe(0);
  expect((Date.now() - started) / 1000, output).toBeLessThan(150);
  expect((await entries()).map(({ about }) => about)).toEqual(whole);
  const preview = await yard.run("preview", ["--expect-no-changes", "--diff"]);
  expect(preview.status, preview.output).toBe(0);
  return output;
}

/** Waits until the swarm has noticed that a host is gone. */
async function noticed(host: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await entries()).some(({ about }) => about.startsWith(host) && /Down$/.test(about))) {
    if (Date.now() > end) throw new Error(`the swarm has not noticed that ${host} is gone`);
    await sleep(1_000);
  }
}

async function idOf(host: string): Promise<string> {
  return (await entries()).find(({ about }) => about.startsWith(`${host} `))?.id ?? "";
}

/** Where tasks of a service run or ever ran on a node, by its id. */
async function tasksOn(node: string, service: string): Promise<string> {
  const filter = ["--filter", `name=${service}`, "--format", "{{.Name}}"];
  return (await yard.docker("node", "ps", node, ...filter)).trim();
}

test("three managers and a worker with a label", async () => {
  await mended();
});

test("a worker that left by hand joins again, with its labels before its tasks", async () => {
  const before = await idOf("db-0");
  onHost("db-0", "swarm", "leave");
  await noticed("db-0");
  const output = await mended();
  expect(output).toContain(
    "yard-places-db-0 lost its place in the swarm: its Docker engine is not in a swarm.",
  );
  const after = await idOf("db-0");
  expect(after).not.toBe(before);
  expect(await tasksOn(after, "places_data")).toMatch(/^places_data\.1/);
  expect(await tasksOn(after, "places_others")).toBe("");
});

test("a worker that was removed with node rm --force joins again", async () => {
  await yard.docker("node", "rm", "--force", "yard-places-db-0");
  const output = await mended();
  expect(output).toContain(
    "yard-places-db-0 lost its place in the swarm: it was removed from the swarm.",
  );
  expect(await tasksOn(await idOf("db-0"), "places_others")).toBe("");
});

/** Lets a host's Docker engine forget its swarm, as after a new disk. */
function forget(host: string): void {
  yard.engine("exec", container(host), "rm", "-rf", "/var/lib/docker/swarm");
  yard.engine("kill", container(host));
}

test("a worker whose Docker engine lost its state joins again, and its old entry goes", async () => {
  forget("db-0");
  await noticed("db-0");
  await mended();
});

test("a manager that was demoted is a manager again", async () => {
  await yard.docker("node", "demote", "yard-places-platform-1");
  const output = await mended();
  expect(output).toContain(
    "yard-places-platform-1 lost its place in the swarm: it is a worker, not a manager.",
  );
});

test("a manager that left joins again as one", async () => {
  onHost("platform-2", "swarm", "leave", "--force");
  await noticed("platform-2");
  await mended();
});

test("the first manager joins the others again when its Docker engine lost its state", async () => {
  forget("platform-0");
  await noticed("platform-0");
  await mended();
});

test("a host in somebody else's swarm is left alone, and up says so at once", async () => {
  onHost("db-0", "swarm", "leave");
  await noticed("db-0");
  onHost("db-0", "swarm", "init");
  const other = onHost("db-0", "info", "--format", "{{.Swarm.Cluster.ID}}");
  const { status, output } = await yard.run("up");
  expect(status, output).not.toBe(0);
  expect(output).toContain(
    "yard-places-db-0 cannot join the swarm: its Docker engine is in another swarm",
  );
  expect(output).toContain("run docker swarm leave on it, then run up again");
  expect(onHost("db-0", "info", "--format", "{{.Swarm.Cluster.ID}}")).toBe(other);
  onHost("db-0", "swarm", "leave", "--force");
  await mended();
});

test("down removes all of it", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
