import { expect, test, vi } from "vitest";
import type { LiveNode } from "../../../components/engine/live";
import type { KindContext } from "../../../components/provider/context";
import { nodeKind } from "../../../components/provider/node/kind";
import { changeRole } from "../../../components/provider/node/role";

const stuck =
  "manager stopped: can't initialize raft node: rpc error: code = Unavailable desc = connection error";

interface Calls {
  readonly written: string[];
  readonly joins: object[];
  readonly warnings: string[];
}

/** A swarm of a manager `m` and a worker `w`, whose engine cannot be promoted in place when `dead`. */
function swarm(dead: boolean) {
  const calls: Calls = { written: [], joins: [], warnings: [] };
  const nodes = new Map<string, LiveNode>();
  const add = (id: string, name: string, role: "manager" | "worker", reachable: boolean) =>
    nodes.set(id, {
      ID: id,
      CreatedAt: id,
      Version: { Index: 1 },
      Spec: { Role: role, Availability: "active" },
      Description: { Hostname: name },
      Status: { State: "ready", Addr: `10.0.0.${nodes.size + 1}` },
      ...(reachable
        ? { ManagerStatus: { Reachability: "reachable", Addr: `10.0.0.${nodes.size + 1}:2377` } }
        : {}),
    });
  add("m1", "m", "manager", true);
  add("w1", "w", "worker", false);
  const docker = {
    nodes: {
      list: async () => [...nodes.values()],
      inspect: async (id: string) => nodes.get(id),
      update: async (id: string, _: number, { Role }: LiveNode["Spec"]) => {
        const known = nodes.get(id) as LiveNode;
        if (Role === "worker" && known.ManagerStatus === undefined) {
          throw new Error("can't find manager in raft memberlist");
        }
        if (known.Spec.Role === Role) return;
        calls.written.push(`${id} ${Role}`);
        nodes.set(id, { ...known, Spec: { ...known.Spec, Role } });
        if (!dead && Role === "manager") add(id, "w", Role, true);
      },
      remove: async (id: string) => nodes.delete(id),
    },
    swarm: async () => ({ JoinTokens: { Manager: "SWMTKN-m" } }),
  };
  const engine = {
    info: async () => ({
      Swarm: nodes.has("w2")
        ? { LocalNodeState: "active", NodeID: "w2" }
        : { LocalNodeState: "error", Error: stuck },
    }),
    leave: async () => {
      const old = nodes.get("w1") as LiveNode;
      nodes.set("w1", { ...old, Status: { State: "down" } });
    },
    join: async (options: object) => {
      calls.joins.push(options);
      add("w2", "w", "manager", true);
    },
  };
  const context = {
    signal: new AbortController().signal,
    log: () => undefined,
    warn: (text: string) => calls.warnings.push(text),
    manager: async () => docker,
    node: async () => engine,
    nodes: ["m", "w"],
    labels: {},
  } as unknown as KindContext;
  return { nodes, calls, context, worker: nodes.get("w1") as LiveNode };
}

test("a worker is promoted in place", async () => {
  const { calls, context, worker } = swarm(false);
  expect(await changeRole(worker, { node: "w", role: "manager" }, context)).toBe("w1");
  expect(calls).toEqual({ written: ["w1 manager"], joins: [], warnings: [] });
});

const inputs = {
  node: "w",
  role: "manager",
  labels: { db: "true" },
  availability: "active",
  drainTimeout: "1m",
} as const;

test("a node whose first manager is gone rejoins through another, and its old entry is removed", async () => {
  const { nodes, calls, context } = swarm(true);
  const old = { id: "w1", inputs: { ...inputs, role: "worker" as const }, state: {} };
  const { state } = await nodeKind.update(old, inputs, context);
  expect(state.nodeId).toBe("w2");
  expect([...nodes.keys()]).toEqual(["m1", "w2"]);
  expect(calls.joins).toEqual([
    {
      ListenAddr: "0.0.0.0:2377",
      AdvertiseAddr: "10.0.0.2",
      Availability: "drain",
      RemoteAddrs: ["10.0.0.1:2377"],
      JoinToken: "SWMTKN-m",
    },
  ]);
  expect(calls.warnings.join()).toContain("w joined through a manager that no longer exists");
});

test("a join that the leader could not call back is tried again", async () => {
  vi.useFakeTimers();
  const { calls, context } = swarm(true);
  const engine = await context.node("w");
  const join = engine.join;
  let refused = 0;
  engine.join = async (spec) => {
    refused += 1;
    if (refused < 3) throw new Error("rpc error: code = Unavailable desc = connection refused");
    await join(spec);
  };
  const old = { id: "w1", inputs: { ...inputs, role: "worker" as const }, state: {} };
  const update = nodeKind.update(old, inputs, context);
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await update).state.nodeId).toBe("w2");
  expect([refused, calls.joins.length]).toEqual([3, 1]);
  vi.useRealTimers();
});

test("until a refresh such a node is read by the id that it has now", async () => {
  const { context } = swarm(true);
  const old = { id: "w1", inputs: { ...inputs, role: "worker" as const }, state: {} };
  const { state } = await nodeKind.update(old, inputs, context);
  const read = await nodeKind.read("w1", { id: "w1", inputs, state }, context);
  expect(read?.id).toBe("w2");
});
