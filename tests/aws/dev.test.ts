import { afterAll, beforeAll, expect, test } from "vitest";
import { jobEndedAfter } from "../e2e/page";
import { demoPlaces, nodeStates, placesOf } from "../e2e/swarm";
import { Laboratory } from "./lab/lab";
import { noteCalls } from "./lab/rights";

/** One life of a small environment on AWS, told in order. */
let lab: Laboratory;
let url: string;
const groups = ["swarmyard:hosts", "groups"];
const services = ["swarmyard:platforms", "demo", "services"];
const vpc = "10.77.0.0/16";
const gpuNode = "yard-labdev-gpu-0";
/** Another image that the stand-in knows. */
const newerImage = "ami-04681a1dbd79675a5";

beforeAll(async () => {
  lab = await Laboratory.open("labdev", "Pulumi.dev.yaml", vpc);
  lab.set(["swarmyard:aws", "reach"], "private");
});
afterAll(async () => {
  await noteCalls(lab);
  await lab.close();
});

async function up(): Promise<string> {
  const { status, output } = await lab.run("up");
  expect(status, output).toBe(0);
  return output;
}

async function expectNoChanges(): Promise<void> {
  const { status, output } = await lab.run("preview", ["--expect-no-changes", "--diff"]);
  expect(status, output).toBe(0);
}

test("up makes network, share, machines, swarm and platform from nothing", async () => {
  const output = await up();
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  expect(last).toMatch(/^Open http:\/\/10\.77\.\d+\.\d+:\d+\/$/);
  url = last.slice("Open ".length);
});

test("node name, hostname and Name tag are the same", async () => {
  expect(await nodeStates(lab)).toEqual({
    "platform-0": "manager Ready",
    "db-0": "worker Ready",
    "agent-0": "worker Ready",
    "agent-1": "worker Ready",
    "service-0": "worker Ready",
  });
  for (const name of Object.keys(await lab.cloud.running())) {
    expect(name).toMatch(/^yard-labdev-/);
    expect(await lab.room.on(name, "hostname")).toBe(name);
  }
});

test("services run on the nodes that they ask for", async () => {
  expect(await placesOf(lab)).toEqual(demoPlaces);
});

test("the page shows a job that ended after up did", async () => {
  const job = await jobEndedAfter(url, Date.now());
  expect(job.agentNode).toMatch(/-agent-\d$/);
  expect(job.modelNode).toMatch(/-service-0$/);
});

test("every machine sees the same share, through its tunnel", async () => {
  const names = Object.keys(await lab.cloud.running());
  await lab.room.on(names[0] as string, "sh", "-c", "echo seen > /mnt/share/proof");
  for (const name of names) {
    expect(await lab.room.on(name, "cat", "/mnt/share/proof")).toBe("seen");
    expect(await lab.room.on(name, "cat", "/var/log/mounts")).toContain("port=20490");
  }
});

/** Whether a TCP port of a machine answers, seen from a task of a service. */
async function answers(service: string, node: string, address: string, port: number) {
  const dial = `import socket; socket.create_connection(("${address}", ${port}), 3)`;
  const inTask = `docker exec $(docker ps -q --filter name=${service} | head -n 1)`;
  const line = `${inTask} python3 -c '${dial}' 2>/dev/null && echo open || echo closed`;
  return (await lab.room.on(node, "sh", "-c", line)).trim();
}

test("containers reach SSH of the machines, as anybody in the network, but none of the swarm's ports", async () => {
  const [agent, manager] = ["yard-labdev-agent-0", "yard-labdev-platform-0"];
  const machines = await lab.cloud.machines();
  const address = (name: string) => machines.find((one) => one.name === name)?.address ?? "";
  for (const at of [address(manager), address(agent)]) {
    expect(await answers("demo_agent", agent, at, 22)).toBe("open");
    for (const port of [7946, 9323]) {
      expect(await answers("demo_agent", agent, at, port), `${at}:${port}`).toBe("closed");
    }
  }
  expect(await answers("demo_agent", agent, address(manager), 2377)).toBe("closed");
  const dial = `exec 3<>/dev/tcp/${address(manager)}/2377 && echo open`;
  expect(await lab.room.on(agent, "bash", "-c", dial)).toBe("open");
});

test("no program of a service gains rights, and machines update themselves", async () => {
  const agent = "yard-labdev-agent-0";
  const status =
    "docker exec $(docker ps -q --filter name=demo_agent | head -n 1) cat /proc/1/status";
  expect(await lab.room.on(agent, "sh", "-c", status)).toMatch(/^NoNewPrivs:\s1$/m);
  const daemon = JSON.parse(await lab.room.on(agent, "cat", "/etc/docker/daemon.json"));
  expect(daemon).toMatchObject({ "no-new-privileges": true, "userland-proxy": false });
  const dry = "unattended-upgrade --dry-run --debug 2>&1 | grep -i 'blacklist'";
  expect(await lab.room.on(agent, "sh", "-c", dry)).toContain("^docker");
});

test("the leak check names what is in the account", async () => {
  const { status, output } = await lab.run("leaks");
  expect(status, output).toBe(1);
  // Not the repositories, which moto's API of tags does not know.
  for (const what of ["vpc", "instance", "volume", "file-system", "role"]) {
    expect(output).toContain(what);
  }
});

test("the state holds no key in clear", () => {
  expect(lab.stateText()).not.toContain("PRIVATE KEY");
});

test("a preview is empty, also after a refresh", async () => {
  await expectNoChanges();
  const refreshed = await lab.run("refresh");
  expect(refreshed.status, refreshed.output).toBe(0);
  await expectNoChanges();
});

test("a worker takes a newer image only when machines are refreshed: it is drained first and rejoins", async () => {
  const before = await lab.cloud.running();
  const name = "yard-labdev-db-0";
  lab.set([...groups, "db", "image"], newerImage);
  await expectNoChanges();
  const lines: string[] = [];
  const { status, output } = await lab.run("refresh-machines", ["--yes"], (line) =>
    lines.push(line),
  );
  expect(status, output).toBe(0);
  expect(output).toContain("This replaces 1 machines of labdev, one at a time:\n");
  expect(output).toContain("yard-labdev-platform-0 stays: its machine carries the identity");
  const images = (await lab.cloud.machines()).filter(({ state }) => state === "running");
  expect(images.find((one) => one.name === name)?.image).toBe(newerImage);
  const left = lines.findIndex((line) => /Node .*db-0.* (deleted|replaced)/.test(line));
  const ended = lines.findIndex((line) => /Instance .*db-0.* deleting/.test(line));
  expect(left, output).toBeGreaterThanOrEqual(0);
  expect(ended, output).toBeGreaterThan(left);
  const after = await lab.cloud.running();
  expect(after[name]).not.toBe(before[name]);
  expect({ ...after, [name]: "" }).toEqual({ ...before, [name]: "" });
  expect(await nodeStates(lab)).toMatchObject({ "db-0": "worker Ready" });
  await jobEndedAfter(url, Date.now());
  await expectNoChanges();
});

test("a machine with a GPU announces it, and takes tasks as any other", async () => {
  lab.set([...groups, "gpu"], {
    labels: ["gpu", "agent"],
    instanceType: "g5.xlarge",
    zones: ["eu-west-1a"],
  });
  lab.set([...services, "agent", "replicas"], 3);
  await up();
  const format = "{{json .Description.Resources.GenericResources}}";
  expect(await lab.docker("node", "inspect", "--format", format, gpuNode)).toMatch(
    /GPU-[0-9a-f]{8}/,
  );
  expect((await lab.tasks("demo_agent")).map(({ node }) => node)).toContain(gpuNode);
});

test("a service that asks for a GPU runs there, through the runtime for GPUs", async () => {
  // Engines of 20.10 reject tasks with a GPU whenever their node changes, as it does when a network
  // comes to it with its first task: so a task without one has brought the network before.
  lab.set([...services, "model", "gpus"], 1);
  lab.set([...services, "model", "placement"], { constraints: ["node.labels.gpu == true"] });
  // One GPU is one place: no second replica, and none in parallel with its predecessor.
  lab.set([...services, "model", "replicas"], 1);
  for (const change of ["update", "rollback"]) {
    lab.set([...services, "model", change], { order: "stop-first" });
  }
  await up();
  expect((await lab.tasks("demo_model")).map(({ node }) => node)).toEqual([gpuNode]);
  expect(await lab.room.on(gpuNode, "cat", "/var/log/nvidia-container-runtime.log")).toContain(
    "create",
  );
  const { modelNode } = await jobEndedAfter(url, Date.now());
  expect(modelNode).toBe(gpuNode);
  await expectNoChanges();
});

// Ten minutes: one that waits for a dead machine to answer hangs for longer.
test("destroy ends although two machines are dead", { timeout: 600_000 }, async () => {
  const [killed, terminated] = ["yard-labdev-agent-0", "yard-labdev-service-0"];
  await lab.room.kill(killed);
  const id = (await lab.cloud.running())[terminated] ?? "";
  lab.aws("ec2", "terminate-instances", "--instance-ids", id);
  const { status, output } = await lab.run("down", ["--yes"]);
  expect(status, output).toBe(0);
});

test("the policy that docs/ gives to operators was enough for all of it", async () => {
  expect(await lab.cloud.refused()).toEqual([]);
});

test("nothing is left in the account", async () => {
  expect(await lab.cloud.left()).toEqual([]);
  const { status, output } = await lab.run("leaks");
  expect(status, output).toBe(0);
});
