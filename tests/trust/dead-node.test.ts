import { afterAll, beforeAll, expect, test } from "vitest";
import { getJson, type Job, jobEndedAfter } from "../e2e/page";
import { Yard } from "../e2e/yard";
import { Requests } from "./requests";

/** The life of an environment whose machines die, in order. */
let yard: Yard;
let url: string;
const groups = ["swarmyard:hosts", "groups"];
/** Seconds that the first `up` took, which made everything on this machine as busy as it is. */
let cold: number;
/** A run with a dead node may take so many seconds more than that. */
const patience = 120;

const host = (group: string, n: number) => `yard-dead-${group}-${n}`;
const container = (name: string) => `swarmyard-dead-${name}`;

beforeAll(() => {
  yard = new Yard("dead");
  yard.set(
    [...groups, "agent", "names"],
    [0, 1, 2].map((n) => host("agent", n)),
  );
});
afterAll(() => yard.close());

/** Runs `up` or `down` to its end, which must be good, and gives the seconds it took. */
async function bounded(command: "up" | "down"): Promise<number> {
  const started = Date.now();
  const { status, output } = await yard.run(command);
  expect(status, output).toBe(0);
  const seconds = (Date.now() - started) / 1000;
  cold ??= seconds;
  expect(seconds, output).toBeLessThan(cold + patience);
  if (command === "up") url = output.trimEnd().split("\n").at(-1)?.slice("Open ".length) ?? "";
  return seconds;
}

/** Agents by the end of their name. */
function setAgents(...numbers: readonly number[]): void {
  yard.set(
    [...groups, "agent", "names"],
    numbers.map((n) => host("agent", n)),
  );
}

async function agents(): Promise<string[]> {
  const lines = (await yard.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).trim();
  const nodes = lines.split("\n").map((line) => line.replace("yard-dead-", ""));
  return nodes.filter((line) => line.startsWith("agent-")).sort();
}

/** Runs `work` while a client asks for the page all the time; none of its requests may fail. */
async function whileServing(
  task: { meta: { failedRequests?: number } },
  work: () => Promise<void>,
): Promise<void> {
  const requests = new Requests(url);
  await work().finally(async () => {
    const { sent, failed, failures } = await requests.stop();
    task.meta.failedRequests = failed;
    expect(sent).toBeGreaterThan(20);
    expect(failures).toEqual([]);
  });
}

test("three agents' nodes come up", async () => {
  await bounded("up");
  await jobEndedAfter(url, Date.now());
  expect(await agents()).toEqual(["agent-0 Ready", "agent-1 Ready", "agent-2 Ready"]);
});

test("a killed node that is not declared any more is removed without waiting for it", async ({
  task,
}) => {
  await whileServing(task, async () => {
    yard.engine("kill", container(host("agent", 0)));
    setAgents(1, 2);
    await bounded("up");
    expect(await agents()).toEqual(["agent-1 Ready", "agent-2 Ready"]);
    expect(Object.keys(yard.machines())).not.toContain(container(host("agent", 0)));
    await jobEndedAfter(url, Date.now());
  });
});

test("a node with a full disk is replaced", async ({ task }) => {
  await whileServing(task, async () => {
    const full = container(host("agent", 2));
    fillDisk(full);
    setAgents(1, 3);
    await bounded("up");
    expect(await agents()).toEqual(["agent-1 Ready", "agent-3 Ready"]);
    expect(Object.keys(yard.machines())).not.toContain(full);
    await jobEndedAfter(url, Date.now());
  });
});

/** Puts the Docker engine's files on a disk of 2 GiB and fills it, until the Docker engine reports it too. */
function fillDisk(machine: string): void {
  const within = (command: string) => yard.engine("exec", machine, "sh", "-c", command);
  within("mkdir /mnt/full && mount -t tmpfs -o size=2g full /mnt/full");
  within("cp -ax /var/lib/docker/. /mnt/full && mount --bind /mnt/full /var/lib/docker");
  within("cat /dev/zero 2>/dev/null >/var/lib/docker/ballast || true");
  const create = "docker create $(docker images --quiet | head -1) 2>&1 || true";
  expect(within(create)).toContain("no space left on device");
}

test("a paused node is replaced", async ({ task }) => {
  await whileServing(task, async () => {
    yard.engine("pause", container(host("agent", 1)));
    setAgents(3, 4);
    await bounded("up");
    expect(await agents()).toEqual(["agent-3 Ready", "agent-4 Ready"]);
    expect(Object.keys(yard.machines())).not.toContain(container(host("agent", 1)));
    await jobEndedAfter(url, Date.now());
  });
});

test("a preview is empty after all of that", async () => {
  const { status, output } = await yard.run("preview", ["--expect-no-changes", "--diff"]);
  expect(status, output).toBe(0);
});

/** Ids of the jobs that redis knows, and the lines on the data volume. */
async function data(): Promise<{ jobs: string[]; lines: number }> {
  const answer = await getJson<Job[] | { jobs: Job[] }>(`${url}api/jobs?limit=50`);
  const jobs = (Array.isArray(answer) ? answer : answer.jobs).map(({ id }) => id);
  const count = "cat /mnt/share/demo/data/results/*.jsonl | wc -l";
  return { jobs, lines: Number(yard.engine("exec", container(host("db", 0)), "sh", "-c", count)) };
}

test("after all machines were stopped, the next up has them back with their data", async () => {
  // Without new jobs the newest are the same before and after.
  const off = { method: "POST", body: JSON.stringify({ on: false }) };
  const headers = { "content-type": "application/json" };
  const switched = await fetch(`${url}api/generator`, { ...off, headers });
  expect(switched.ok, await switched.text()).toBe(true);
  await queueEmpty();
  const before = await data();
  expect(before.jobs.length).toBeGreaterThan(5);
  expect(before.lines).toBeGreaterThan(5);
  const hosts = Object.keys(yard.machines()).filter((name) => /-\d+$/.test(name));
  yard.engine("stop", "-t", "10", ...hosts);
  await bounded("up");
  expect(await data()).toEqual(before);
  const message = { method: "POST", body: JSON.stringify({ text: "still there?" }), headers };
  expect((await fetch(`${url}api/jobs`, message)).ok).toBe(true);
  await jobEndedAfter(url, Date.now());
});

/** Waits until no job is on its way. */
async function queueEmpty(): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const stats = await getJson<{ queued: number; taken: number }>(`${url}api/stats`);
    if (stats.queued + stats.taken === 0) return;
    expect(Date.now()).toBeLessThan(end);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

test("down does not wait for a killed and a paused node", async () => {
  yard.engine("kill", container(host("agent", 3)));
  yard.engine("pause", container(host("db", 0)));
  await bounded("down");
  expect(yard.left()).toEqual([]);
});
