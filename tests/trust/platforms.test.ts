import { afterAll, beforeAll, expect, test } from "vitest";
import { jobEndedAfter } from "../e2e/page";
import { succeedIn } from "../e2e/succeed";
import { Yard } from "../e2e/yard";
import { Requests } from "./requests";

/** The first platform serves all the time, while the second comes and goes. */
let yard: Yard;
let first: string;
const rounds = 5;
const platforms = ["swarmyard:platforms"];
const second = {
  from: "demo",
  services: {
    agent: { replicas: 1 },
    model: { replicas: 1 },
    web: { ports: [{ target: 8080, published: 8090 }] },
  },
};

beforeAll(() => {
  yard = new Yard("platforms");
});
afterAll(() => yard.close());

const up = () => succeedIn(yard, "up");

const secondUrl = () => first.replace(/\d+\/$/, (port) => `${Number.parseInt(port, 10) + 10}/`);

/** Names of what carries the second platform's name on the swarm. */
async function namesOfSecond(kind: "service" | "network" | "secret" | "config"): Promise<string[]> {
  const names = (await yard.docker(kind, "ls", "--format", "{{.Name}}")).trim().split("\n");
  return names.filter((name) => name.startsWith("second_"));
}

/** Ids of the first platform's running tasks. */
async function tasksOfFirst(): Promise<string[]> {
  const tasks = await yard.tasks();
  return tasks
    .filter(({ service }) => service.startsWith("demo_"))
    .map(({ id }) => id)
    .sort();
}

test("the first platform comes up", async () => {
  first = (await up()).trimEnd().split("\n").at(-1)?.slice("Open ".length) ?? "";
  await jobEndedAfter(first, Date.now());
});

test(`a second platform is made and removed ${rounds} times under the same names, the first serves on`, {
  timeout: 3_600_000,
}, async ({ task }) => {
  const before = await tasksOfFirst();
  const page = new Requests(first);
  const jobs = new Requests(`${first}api/jobs?limit=1`);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      yard.set([...platforms, "second"], second);
      await up();
      await jobEndedAfter(secondUrl(), Date.now());
      expect(await namesOfSecond("service"), `round ${round}`).toHaveLength(5);
      yard.set([...platforms, "second"], undefined);
      await up();
      for (const kind of ["service", "network", "secret", "config"] as const) {
        expect(await namesOfSecond(kind), `round ${round}`).toEqual([]);
      }
    }
  } finally {
    const results = [await page.stop(), await jobs.stop()];
    task.meta.failedRequests = results.reduce((sum, { failed }) => sum + failed, 0);
    for (const { sent, failures } of results) {
      expect(sent).toBeGreaterThan(100);
      expect(failures).toEqual([]);
    }
  }
  expect(await tasksOfFirst()).toEqual(before);
});

test("two platforms run side by side, and a preview is empty", async () => {
  yard.set([...platforms, "second"], second);
  await up();
  const since = Date.now();
  await jobEndedAfter(first, since);
  await jobEndedAfter(secondUrl(), since);
  const { status, output } = await yard.run("preview", ["--expect-no-changes", "--diff"]);
  expect(status, output).toBe(0);
});

test("down removes both", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
