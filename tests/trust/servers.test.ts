import { type ChildProcess, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BEFORE_LABEL } from "../../components/model/ownership";
import { Machines } from "../e2e/machines";
import { emptyFile, initStack, makeKey, nodesOf, startAgent, useOwnBackend } from "../e2e/rack";
import { expectNoChangesIn, succeedIn } from "../e2e/succeed";
import { Yard } from "../e2e/yard";
import { Spread } from "./spread";

/** Machines that the program did not make, with Debian 12's Docker engine, whose sources get Debian 13's. */
const names = ["m-0", "m-1", "m-2"] as const;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "yard-servers-"));
let agent: ChildProcess;
let machines: Machines;
let yard: Yard;

const platform = `export const platform = {
  folder: __dirname,
  configs: { serve: { file: "serve.pl" } },
  services: {
    web: {
      image: "debian:13-slim",
      command: ["perl", "/serve.pl"],
      init: true,
      replicas: 2,
      configs: { "/serve.pl": { source: "serve" } },
      ports: [{ target: 8000, published: 8000, mode: "host" }],
      placement: { maxReplicasPerNode: 1 },
      restart: { condition: "any", delay: "1s" },
    },
  },
  rollout: { timeout: "4m", steady: "2s" },
};
`;

beforeAll(async () => {
  const key = path.join(folder, "key");
  machines = new Machines("servers-trust", makeKey(key));
  const started = await startAgent(folder, key);
  agent = started.agent;
  await machines.start(Object.fromEntries(names.map((name) => [name, { hostname: name }])));
  yard = new Yard("servers");
  useOwnBackend(yard, folder);
  yard.variables.SSH_AUTH_SOCK = started.socket;
  emptyFile(yard, ["db", "agent", "service", "platform"]);
  yard.set(["swarmyard:share"], { kind: "none" });
  const all = Object.fromEntries(names.map((name) => [name, { address: machines.address(name) }]));
  yard.set(["swarmyard:hosts", "groups", "rack"], { kind: "ssh", role: "manager", machines: all });
  const own = path.join(yard.folder, "platforms/plain");
  fs.mkdirSync(own, { recursive: true });
  fs.writeFileSync(path.join(own, "index.ts"), platform);
  fs.copyFileSync(path.join(__dirname, "programs/serve.pl"), path.join(own, "serve.pl"));
  initStack(yard);
});
afterAll(async () => {
  machines.remove();
  await yard?.close();
  agent.kill();
  fs.rmSync(folder, { recursive: true, force: true });
});

const versions = () =>
  names.map((name) => {
    const version = machines.on(name, "docker", "version", "--format", "{{.Server.Version}}");
    return version.replace(/\+.*$/, "");
  });

const ready = names.map((name) => `${name} Ready Active`);

test("three managers over SSH run Docker 20.10", async () => {
  await succeedIn(yard, "up");
  // There is no registry.
  const image = execFileSync("docker", ["save", "debian:13-slim"], { maxBuffer: 2 ** 30 });
  for (const name of names) machines.give(name, image, "docker", "load");
  yard.set(["swarmyard:platforms"], { plain: {} });
  await succeedIn(yard, "up");
  expect(versions()).toEqual(["20.10.24", "20.10.24", "20.10.24"]);
  expect(await nodesOf(yard)).toEqual(ready);
});

test("where the sources have nothing newer, nothing happens", async () => {
  const { status, output } = await yard.run("upgrade");
  expect(status, output).toBe(0);
  expect(output).toContain("Every host has the Docker engine that it should have.");
});

test("a newer one is shown, and not installed without a yes", async () => {
  const more =
    "cd /etc/apt && cat sources.list sources.list.d/*.list 2>/dev/null | grep 'bookworm main' | sed s/bookworm/trixie/ >next && mv next sources.list.d/next.list";
  for (const name of names) machines.on(name, "sh", "-c", more);
  const { status, output } = await yard.run("upgrade");
  expect(status, output).toBe(1);
  for (const name of names) {
    expect(output).toMatch(new RegExp(`  ${name}: docker\\.io 20\\.10\\.\\S+ → 26\\.1\\.\\S+`));
  }
  expect(output).toContain("npm run upgrade -- -s servers --yes");
  expect(versions()).toEqual(["20.10.24", "20.10.24", "20.10.24"]);
});

test("they are upgraded one by one, the leader last, and no request fails", async ({ task }) => {
  const format = "{{.Hostname}} {{.ManagerStatus}}";
  const before = (await yard.docker("node", "ls", "--format", format)).trim().split("\n");
  const leader = before.find((line) => line.endsWith(" Leader"))?.split(" ")[0];
  const client = new Spread(names.map((name) => `http://${machines.address(name)}:8000/`));
  const { status, output } = await yard.run("upgrade", ["--yes"]);
  const { sent, failed, failures } = await client.stop();
  task.meta.failedRequests = failed;
  expect(status, output).toBe(0);
  expect(versions()).toEqual(["26.1.5", "26.1.5", "26.1.5"]);
  const order = [...output.matchAll(/^.*\b(m-\d) is back\.$/gm)].map(([, name]) => name);
  expect([...order].sort()).toEqual([...names]);
  expect(order.at(-1)).toBe(leader);
  expect(sent).toBeGreaterThan(100);
  expect(failures).toEqual([]);
});

test("every node takes tasks again and has its ports open, and a preview is empty", async () => {
  expect(await nodesOf(yard)).toEqual(ready);
  const labels = await yard.docker("node", "inspect", "--format", "{{.Spec.Labels}}", ...names);
  expect(labels).not.toContain(BEFORE_LABEL);
  for (const name of names) {
    expect(machines.on(name, "iptables", "-S")).not.toContain("SWARMYARD-UPGRADE");
  }
  await expectNoChangesIn(yard);
});

test("down leaves the machines with their new Docker engine", async () => {
  await succeedIn(yard, "down", "--yes");
  expect(versions()).toEqual(["26.1.5", "26.1.5", "26.1.5"]);
});
