import * as fs from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getJson, jobEndedAfter } from "./page";
import { expectNoChangesIn, succeedIn } from "./succeed";
import { demoPlaces, placesOf } from "./swarm";
import { Yard } from "./yard";

/** The life of one environment, in order: each test starts where the previous one ended. */
let yard: Yard;
let url: string;

const services = ["swarmyard:platforms", "demo", "services"];
const groups = ["swarmyard:hosts", "groups"];

beforeAll(() => {
  yard = new Yard("e2e");
});
afterAll(() => yard.close());

const up = () => succeedIn(yard, "up");

/** Ids of running tasks by service, for comparison before and after. */
async function taskIds(): Promise<{ [service: string]: string[] }> {
  const all: { [service: string]: string[] } = {};
  for (const { service, id } of await yard.tasks()) {
    all[service] = [...(all[service] ?? []), id].sort();
  }
  return all;
}

/** Expects that exactly these services have other tasks than before. */
async function expectNewTasksOnlyIn(
  before: { [service: string]: string[] },
  changed: readonly string[],
): Promise<void> {
  const after = await taskIds();
  const different = Object.keys(after).filter(
    (service) => JSON.stringify(after[service]) !== JSON.stringify(before[service]),
  );
  expect(different.sort()).toEqual([...changed].sort());
}

const expectNoChanges = () => expectNoChangesIn(yard);

describe("from nothing", () => {
  test("up makes it, says something all the time, and ends with the page's address", async () => {
    const { status, output, silence } = await yard.run("up");
    expect(status, output).toBe(0);
    // Where much else runs the machine is late, not the command.
    const late = Math.max(1, (loadavg()[0] ?? 0) / (4 * availableParallelism()));
    expect(silence).toBeLessThan(10 * late);
    const last = output.trimEnd().split("\n").at(-1) ?? "";
    expect(last).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+\/$/);
    url = last.slice("Open ".length);
  });

  test("no tracked file changed", () => {
    expect(yard.git("status", "--porcelain")).toBe("");
  });

  test("nodes carry their labels and roles", async () => {
    const format = "{{.Description.Hostname}} {{.Spec.Role}} {{json .Spec.Labels}}";
    const nodes = (await yard.docker("node", "ls", "-q")).trim().split("\n");
    const lines = (await yard.docker("node", "inspect", "--format", format, ...nodes)).trim();
    const found = lines.split("\n").map((line) => line.split(" "));
    const byLabel = found.map(([name, role, labels]) => [
      name?.split("-").at(-2),
      role,
      JSON.parse(labels ?? "{}").target,
    ]);
    expect(byLabel.sort()).toEqual([
      ["agent", "worker", "agent"],
      ["db", "worker", "db"],
      ["platform", "manager", "platform"],
      ["service", "worker", "service"],
    ]);
  });

  test("services run on the nodes that they ask for", async () => {
    expect(await placesOf(yard)).toEqual(demoPlaces);
  });

  test("the page shows a job that ended after up did", async () => {
    const job = await jobEndedAfter(url, Date.now());
    expect(job.agentNode).toMatch(/-agent-0$/);
    expect(job.modelNode).toMatch(/-service-0$/);
    expect(await (await fetch(url)).text()).toContain("<html");
  });

  test("a preview is empty, also after a refresh", async () => {
    await expectNoChanges();
    const refreshed = await yard.run("refresh");
    expect(refreshed.status, refreshed.output).toBe(0);
    await expectNoChanges();
  });

  test("another clone previews nothing too", async () => {
    const other = new Yard("e2e", yard);
    const { status, output } = await other.run("preview", ["--expect-no-changes"]);
    fs.rmSync(other.folder, { recursive: true });
    expect(status, output).toBe(0);
  });
});

describe("a change reaches exactly what it should", () => {
  test("replicas and a service label keep every task", async () => {
    const before = await taskIds();
    yard.set([...services, "agent", "replicas"], 3);
    yard.set([...services, "api", "labels"], { tier: "front" });
    const { output } = await yard.run("preview", ["--diff"]);
    expect(output).toMatch(/replicas\s*: 2 => 3/);
    const short = (await yard.run("preview")).output;
    expect(short).toMatch(/demo-services-agent .*\[diff: ~replicas\]/);
    expect(short).not.toMatch(/replicas\s*:/);
    await up();
    const after = await taskIds();
    expect(after.demo_agent).toHaveLength(3);
    expect(after.demo_agent).toEqual(expect.arrayContaining(before.demo_agent ?? []));
    expect({ ...after, demo_agent: [] }).toEqual({ ...before, demo_agent: [] });
  });

  test("an env value restarts its service only", async () => {
    const before = await taskIds();
    yard.set([...services, "api", "env"], { JOB_INTERVAL: "0.7" });
    await up();
    await expectNewTasksOnlyIn(before, ["demo_api"]);
  });

  test("a secret's new value restarts its users only", async () => {
    const before = await taskIds();
    yard.set(["swarmyard:platforms", "demo", "secrets"], { redis_password: { random: 40 } });
    await up();
    await expectNewTasksOnlyIn(before, ["demo_agent", "demo_api", "demo_redis"]);
    const names = (await yard.docker("secret", "ls", "--format", "{{.Name}}")).trim().split("\n");
    expect(names).toHaveLength(1);
    await jobEndedAfter(url, Date.now());
  });

  test("a rebuilt image restarts only its users", async () => {
    const before = await taskIds();
    fs.appendFileSync(
      path.join(yard.folder, "platforms/demo/images/web/Dockerfile"),
      "\nLABEL a=b\n",
    );
    await up();
    await expectNewTasksOnlyIn(before, ["demo_web"]);
  });

  test("a further published port changes no host", async () => {
    const before = yard.machines();
    yard.set([...services, "model", "ports"], [{ target: 8002, published: 8082 }]);
    yard.set([...services, "model", "replicas"], 1);
    // A port of the node is free once: the old task must stop first.
    yard.set([...services, "model", "update"], { order: "stop-first" });
    yard.set([...services, "model", "rollback"], { order: "stop-first" });
    await up();
    const after = yard.machines();
    const hosts = Object.keys(before).filter((name) => /-\d+$/.test(name));
    expect(hosts).toHaveLength(4);
    for (const host of hosts) expect(after[host], host).toBe(before[host]);
    await getJson(url.replace(/\d+\/$/, (port) => `${Number.parseInt(port, 10) + 2}/healthz`));
    await expectNoChanges();
  });
});

describe("what cannot work is explained", () => {
  test("a constraint that no node meets is refused at preview", async () => {
    const keys = [...services, "model", "placement", "constraints"];
    yard.set(keys, ["node.labels.gpu == true"]);
    const { status, output } = await yard.run("preview");
    expect(status).not.toBe(0);
    expect(output).toContain("model");
    expect(output).toContain("node.labels.gpu == true");
    const applied = await yard.run("up");
    expect(applied.status).not.toBe(0);
    yard.set([...services, "model", "placement"], undefined);
    await up();
  });

  test("a missing image fails the rollout in its time, with service, node and reason", async () => {
    yard.set(["swarmyard:platforms", "demo", "rollout"], { timeout: "40s" });
    yard.set([...services, "extra"], {
      image: "registry:5000/nothing/here:1",
      placement: { constraints: ["node.labels.service == true"] },
    });
    const started = Date.now();
    const { status, output } = await yard.run("up");
    expect(status).not.toBe(0);
    expect((Date.now() - started) / 1000).toBeLessThan(120);
    expect(output).toContain("demo_extra");
    expect(output).toMatch(/-service-0/);
    expect(output).toMatch(/No such image|not found|manifest unknown/);
    yard.set([...services, "extra"], undefined);
    yard.set(["swarmyard:platforms", "demo", "rollout"], undefined);
    await up();
  });

  test("a program that ends immediately fails with its last output", async () => {
    yard.set([...services, "model", "entrypoint"], ["sh", "-c", "echo tired of it all; exit 3"]);
    const { status, output } = await yard.run("up");
    expect(status).not.toBe(0);
    expect(output).toContain("demo_model");
    expect(output).toContain("tired of it all");
    yard.set([...services, "model", "entrypoint"], undefined);
    await up();
    await jobEndedAfter(url, Date.now());
  });

  test("with every manager paused a refresh fails and changes nothing", async () => {
    const manager = Object.keys(yard.machines()).find((name) => name.includes("-platform-")) ?? "";
    const before = yard.exported();
    yard.engine("pause", manager);
    try {
      const { status, output } = await yard.run("refresh");
      expect(status).not.toBe(0);
      expect(output).toContain("platform-0");
    } finally {
      yard.engine("unpause", manager);
    }
    expect(yard.exported()).toEqual(before);
  });
});

describe("nodes are added and removed", () => {
  test("an added node joins with its label and takes tasks", async () => {
    yard.set([...groups, "agent", "count"], 2);
    // Swarm moves no task that runs; one more goes where there are fewest.
    yard.set([...services, "agent", "replicas"], 4);
    await up();
    const nodes = new Set((await yard.tasks("demo_agent")).map(({ node }) => node));
    expect(nodes.size).toBe(2);
    await expectNoChanges();
  });

  test("a removed node drains and leaves", async () => {
    yard.set([...groups, "agent", "count"], undefined);
    await up();
    const nodes = (await yard.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).trim();
    expect(nodes.split("\n")).toHaveLength(4);
    expect(nodes).not.toContain("Down");
    expect(await yard.tasks("demo_agent")).toHaveLength(4);
  });

  test("a stopped machine runs again with the next up", async () => {
    const names = Object.keys(yard.machines()).filter((name) => /-\d+$/.test(name));
    yard.engine("stop", "-t", "5", ...names);
    await up();
    await jobEndedAfter(url, Date.now());
  });
});

describe("several platforms", () => {
  test("a second one runs side by side with the first, under its own names", async () => {
    const before = await taskIds();
    yard.set(["swarmyard:platforms", "second"], {
      from: "demo",
      services: { web: { ports: [{ target: 8080, published: 8090 }] } },
    });
    await up();
    const after = await taskIds();
    expect(Object.keys(after)).toHaveLength(10);
    for (const service of Object.keys(before)) expect(after[service]).toEqual(before[service]);
    await jobEndedAfter(
      url.replace(/\d+\/$/, (port) => `${Number.parseInt(port, 10) + 10}/`),
      Date.now(),
    );
  });
});

describe("nothing is left", () => {
  test("no secret is in clear in the state", async () => {
    const stored = yard.stateText();
    expect(stored).toContain("demo_redis_password");
    expect(stored).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
    expect(stored).not.toContain("SWMTKN-");
  });

  test("down removes everything that up made", async () => {
    const { status, output } = await yard.run("down");
    expect(status, output).toBe(0);
    expect(yard.left()).toEqual([]);
  });
});
