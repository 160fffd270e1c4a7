import { expect, test, vi } from "vitest";
import type { EngineClient } from "../../components/engine/client";
import type { Endpoint } from "../../components/engine/endpoints";
import { NoManagerError } from "../../components/engine/managers";
import { see, whySilent } from "../../tools/report/running";
import { contextWith } from "../provider/service/stub-context";

const endpoint = (name: string, user = "root"): Endpoint => ({
  name,
  role: "manager",
  host: "127.0.0.1",
  port: 20001,
  user,
  hostKey: "ssh-ed25519 AAAA",
  privateKey: "",
});
const ssh = (node: string) => `ssh -F /s/config ${node}`;

const template = { ContainerSpec: { Image: "app:1" } };
const task = (ID: string, ServiceID: string, State: string, more = {}) => ({
  ...{ ID, ServiceID, NodeID: "n1", Spec: template, JobIteration: { Index: 1 } },
  ...{ DesiredState: "running", Status: { State, Err: State === "failed" ? "boom" : "" } },
  ...more,
});
const service = (ID: string, Name: string, Mode: object, more = {}) => ({
  ...{ ID, Version: { Index: 1 }, Spec: { Name, Mode, TaskTemplate: template }, ...more },
});
const node = (ID: string, Hostname: string, State: string) => ({
  ...{ ID, CreatedAt: "", Version: { Index: 1 } },
  Spec: { Role: "manager", Availability: "active" },
  ...{ Description: { Hostname }, Status: { State } },
});

function swarm(services: readonly object[], tasks: readonly object[], nodes: readonly object[]) {
  return contextWith({ "/services": services, "/tasks": tasks, "/nodes": nodes });
}

test("a job that is done and a service that runs are all well, at once", async () => {
  const job = { JobStatus: { JobIteration: { Index: 1 } } };
  const context = swarm(
    [
      service("s1", "web", { Replicated: { Replicas: 1 } }),
      service("s2", "load", { ReplicatedJob: { TotalCompletions: 1 } }, job),
      service("s3", "other", {}),
    ],
    [
      task("t1", "s1", "running", { Slot: 1 }),
      task("t2", "s2", "complete", { DesiredState: "complete" }),
    ],
    [node("n1", "m-0", "ready")],
  );
  const seen = await see(["web", "load"], [endpoint("m-0")], context, ssh);
  expect(seen.problems).toEqual([]);
  expect([...seen.verdicts].map(([name, { state, job }]) => [name, state, job])).toEqual([
    ["web", "steady", false],
    ["load", "steady", true],
  ]);
});

test("a service that was removed, or that swarm gave up on, is reported with its fix", async () => {
  const context = swarm(
    [service("s1", "web", {}, { UpdateStatus: { State: "paused", Message: "it failed" } })],
    [task("t1", "s1", "failed", { Slot: 1, DesiredState: "shutdown" })],
    [node("n1", "m-0", "ready")],
  );
  const { problems } = await see(["web", "gone"], [endpoint("m-0")], context, ssh);
  expect(problems[0]).toContain("service web is not running as it should:");
  expect(problems[0]).toContain("failed on m-0: boom");
  expect(problems[1]).toBe(
    "service gone is not running as it should:\n  does not exist on the swarm\n" +
      "  what to do: run npm run refresh, then npm run up to recreate it",
  );
  expect(problems.slice(2)).toEqual(["To try again: npm run up -- -s dev --refresh"]);
});

test("a locked manager next to others that answer is reported with the command that unlocks it", async () => {
  const nodes = [node("n1", "m-0", "ready"), node("n2", "m-1", "down"), node("n3", "m-2", "down")];
  const states: { [name: string]: string } = { "m-1": "locked", "m-2": "pending" };
  const context = {
    ...swarm([], [], nodes),
    node: async (name: string) => {
      if (name === "m-0") throw new Error("asked for nothing");
      return { info: async () => ({ Swarm: { LocalNodeState: states[name] } }) } as EngineClient;
    },
  };
  const managers = [endpoint("m-0"), endpoint("m-1", "admin"), endpoint("m-2")];
  const { problems } = await see([], managers, context, ssh);
  expect(problems).toEqual([
    "The manager m-1 is locked: its Docker engine restarted and waits for the swarm's unlock key.\n" +
      "  what to do: ssh -t -F /s/config m-1 sudo docker swarm unlock\n" +
      "  then run: npm run up -- -s dev",
  ]);
});

test("a node that is ready again in a moment is shown ready", async () => {
  vi.useFakeTimers();
  const nodes = [node("n1", "m-0", "ready"), node("n2", "w-0", "down")];
  let asked = 0;
  const { manager, ...rest } = swarm([], [], nodes);
  const context = {
    ...rest,
    nodes: ["m-0", "w-0"],
    manager: async () => {
      asked += 1;
      if (asked === 3) nodes[1] = node("n2", "w-0", "ready");
      return await manager();
    },
  };
  const seen = see([], [endpoint("m-0")], context, ssh);
  await vi.advanceTimersByTimeAsync(20_000);
  const { view, problems } = await seen;
  expect(view.nodes.map(({ state }) => state)).toEqual(["ready", "ready"]);
  expect(problems).toEqual([]);
  expect(asked).toBe(3);
  vi.useRealTimers();
});

test.each([
  ["unknown", 60_000, "ready"],
  ["down", 60_000, "down"],
] as const)(
  "a node that is %s is waited for as long as that says little",
  async (state, ms, at) => {
    vi.useFakeTimers();
    const nodes = [node("n1", "m-0", "ready"), node("n2", "w-0", state)];
    const { manager, ...rest } = swarm([], [], nodes);
    const started = Date.now();
    const context = {
      ...rest,
      nodes: ["m-0", "w-0"],
      manager: async () => {
        if (Date.now() - started > 40_000) nodes[1] = node("n2", "w-0", "ready");
        return await manager();
      },
    };
    const seen = see([], [endpoint("m-0")], context, ssh);
    await vi.advanceTimersByTimeAsync(ms);
    const { view } = await seen;
    expect(view.nodes.map((one) => one.state)).toEqual(["ready", at]);
    vi.useRealTimers();
  },
);

test("why no manager could be asked", () => {
  const silent = { endpoint: endpoint("m-0"), standing: "unreachable", reason: "refused" } as const;
  const locked = { endpoint: endpoint("m-1"), standing: "locked", reason: "locked" } as const;
  const [text, ...more] = whySilent(new NoManagerError([silent]), "dev", ssh);
  expect(more).toEqual([]);
  expect(text).toContain(
    "dev: no manager of the swarm answers:\n  m-0 (root@127.0.0.1:20001): refused",
  );
  expect(text).toContain("what to do: start a manager, then run: npm run up -- -s dev --refresh");
  expect(whySilent(new NoManagerError([silent, locked]), "dev", ssh)).toEqual([
    "The manager m-1 is locked: its Docker engine restarted and waits for the swarm's unlock key.\n" +
      "  what to do: ssh -t -F /s/config m-1 docker swarm unlock\n  then run: npm run up -- -s dev",
  ]);
});
