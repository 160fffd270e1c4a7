import { expect, test } from "vitest";
import type { NodeSpec } from "../../../components/engine/live";
import type { NodeInputs } from "../../../components/model/kinds/membership";
import type { KindContext } from "../../../components/provider/context";
import { leaveSwarm } from "../../../components/provider/node/leave";

const inputs: NodeInputs = {
  node: "w",
  role: "worker",
  labels: {},
  availability: "active",
  drainTimeout: "1m",
};

/** A swarm of a manager and a worker `w` whose state is read from `states`, the last one again and again. */
function swarm(states: readonly string[], tasks: readonly object[]) {
  const calls: string[] = [];
  const warnings: string[] = [];
  let reads = 0;
  const info = (name: string, state: string) => ({
    ID: name,
    CreatedAt: "",
    Version: { Index: 1 },
    Spec: { Role: name === "m" ? "manager" : "worker", Availability: "active" },
    Description: { Hostname: name },
    Status: { State: state },
  });
  const worker = () => info("w", states[Math.min(reads++, states.length - 1)] as string);
  const docker = {
    nodes: {
      list: async () => [info("m", "ready"), info("w", "ready")],
      inspect: async () => worker(),
      update: async (_: string, __: number, { Availability }: NodeSpec) => calls.push(Availability),
      remove: async () => calls.push("removed"),
    },
    tasks: { list: async () => tasks },
  };
  const context = {
    signal: new AbortController().signal,
    log: () => undefined,
    warn: (text: string) => warnings.push(text),
    manager: async () => docker,
  } as unknown as KindContext;
  return { calls, warnings, leave: () => leaveSwarm({ id: "w", inputs, state: {} }, context) };
}

const running = [{ Status: { State: "running" } }];

test("a node of a swarm that was taken over stays as it is, without our marks", async () => {
  const labels = { db: "true", "swarmyard.stack": "yard/dev", "swarmyard.urn": "u" };
  const specs: NodeSpec[] = [];
  const Spec = { Role: "worker", Availability: "pause", Labels: labels };
  const docker = {
    nodes: {
      inspect: async () => ({
        ...{ ID: "w", Version: { Index: 1 }, Description: { Hostname: "w" }, Spec },
      }),
      update: async (_: string, __: number, spec: NodeSpec) => specs.push(spec),
    },
  };
  const context = {
    signal: new AbortController().signal,
    log: () => undefined,
    manager: async () => docker,
  } as unknown as KindContext;
  await leaveSwarm({ id: "w", inputs: { ...inputs, stays: true }, state: {} }, context);
  expect(specs).toEqual([{ ...Spec, Labels: { db: "true" } }]);
});

test("a node that is down is removed immediately", async () => {
  const { calls, leave } = swarm(["down"], running);
  await leave();
  expect(calls).toEqual(["removed"]);
});

test("a node that dies while it drains is not waited for", async () => {
  const { calls, warnings, leave } = swarm(["ready", "ready", "ready", "down"], running);
  const started = Date.now();
  await leave();
  expect(calls).toEqual(["drain", "removed"]);
  expect(warnings.join()).toContain("w does not answer");
  expect(Date.now() - started).toBeLessThan(30_000);
});

test("a node that lives hands over its tasks before it goes", async () => {
  const tasks: object[] = [...running];
  const { calls, warnings, leave } = swarm(["ready"], tasks);
  setTimeout(() => tasks.pop(), 700);
  await leave();
  expect(calls).toEqual(["drain", "removed"]);
  expect(warnings).toEqual([]);
  expect(tasks).toEqual([]);
});
