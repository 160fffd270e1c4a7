import { describe, expect, test } from "vitest";
import type { EngineInfo, JoinSpec, LiveNode } from "../../../components/engine/live";
import type { NodeInputs } from "../../../components/model/kinds/membership";
import type { KindContext } from "../../../components/provider/context";
import { nodeKind } from "../../../components/provider/node/kind";

type Engine = NonNullable<EngineInfo["Swarm"]>;

const inputs: NodeInputs = {
  node: "w",
  role: "worker",
  labels: { db: "true" },
  availability: "active",
  drainTimeout: "1m",
};
const stored = (state = {}, more: Partial<NodeInputs> = {}) => ({
  id: "w1",
  inputs: { ...inputs, ...more },
  state: { ...inputs, ...more, nodeId: "w1", ...state },
});

/** A swarm of managers `m`, `n` and `o` and what is said of the host `w`; a join adds its entry `w2`. */
function swarm(entry: Partial<LiveNode> | undefined, engine: Engine) {
  const calls: string[] = [];
  const joins: JoinSpec[] = [];
  const nodes = new Map<string, LiveNode>();
  const add = (ID: string, Hostname: string, more: Partial<LiveNode> = {}) =>
    nodes.set(ID, {
      ...{ ID, CreatedAt: ID, Version: { Index: 1 }, Description: { Hostname } },
      Spec: { Role: "worker", Availability: "active" },
      Status: { State: "ready", Addr: `10.0.0.${nodes.size + 1}` },
      ...more,
    });
  const asManager = (name: string): Partial<LiveNode> => ({
    Spec: { Role: "manager", Availability: "active" },
    ManagerStatus: { Reachability: "reachable", Addr: `${name}:2377` },
  });
  for (const name of ["m", "n", "o"]) add(`${name}1`, name, asManager(name));
  if (entry !== undefined) add("w1", "w", entry);
  let state = engine;
  const docker = {
    nodes: {
      list: async () => [...nodes.values()],
      inspect: async (id: string) => nodes.get(id),
      update: async (id: string, _: number, spec: LiveNode["Spec"]) => {
        const labels = Object.entries(spec.Labels ?? {}).map(([key, value]) => `${key}=${value}`);
        calls.push(`${id} ${spec.Role} ${spec.Availability} ${labels.join()}`.trim());
        nodes.set(id, { ...(nodes.get(id) as LiveNode), Spec: spec });
      },
      remove: async (id: string) => {
        calls.push(`remove ${id}`);
        nodes.delete(id);
      },
    },
    swarm: async () => ({ JoinTokens: { Manager: "as-manager", Worker: "as-worker" } }),
  };
  const host = {
    info: async () => ({ Swarm: state }),
    leave: async () => {
      calls.push("leave");
      state = { LocalNodeState: "inactive", NodeID: "" };
    },
    join: async (spec: JoinSpec) => {
      calls.push("join");
      joins.push(spec);
      state = { LocalNodeState: "active", NodeID: "w2" };
      const role = spec.JoinToken === "as-manager" ? asManager("w") : {};
      add("w2", "w", { ...role, Spec: { Role: "worker", ...role.Spec, Availability: "drain" } });
    },
  };
  const context = {
    signal: new AbortController().signal,
    log: () => undefined,
    warn: (text: string) => calls.push(`warning: ${text}`),
    manager: async () => docker,
    node: async () => host,
    nodes: ["m", "n", "o", "w"],
    labels: { owner: "us" },
  } as unknown as KindContext;
  return { nodes, calls, joins, context };
}

const down: Partial<LiveNode> = { Status: { State: "down", Addr: "10.0.0.9" } };
const left: Engine = { LocalNodeState: "inactive", NodeID: "" };
const removed: Engine = {
  LocalNodeState: "active",
  NodeID: "w1",
  RemoteManagers: [{ NodeID: "m1", Addr: "m:2377" }],
};

describe("a refresh", () => {
  test.each<[string, Partial<LiveNode> | undefined, Engine, string]>([
    ["that left by hand", down, left, "its Docker engine is not in a swarm"],
    ["that was removed by force", undefined, removed, "it was removed from the swarm"],
    ["whose engine lost its state", undefined, left, "its Docker engine is not in a swarm"],
    [
      "in another swarm",
      down,
      { LocalNodeState: "active", NodeID: "x", RemoteManagers: [] },
      "its Docker engine is in another swarm",
    ],
  ])("marks a node %s, and the preview plans one update", async (_, entry, engine, misplaced) => {
    const { context } = swarm(entry, engine);
    const old = stored();
    const read = await nodeKind.read("w1", old, context);
    expect(read).toEqual({ id: "w1", inputs, state: { ...old.state, misplaced } });
    const marked = { id: "w1", inputs, state: read?.state ?? {} };
    expect(nodeKind.diff(marked, inputs)).toEqual([
      { path: "misplaced", kind: "delete", replace: false, stored: true },
    ]);
  });

  test("marks a node with an old entry, and no other", async () => {
    const { context, nodes } = swarm({}, left);
    expect((await nodeKind.read("w1", stored(), context))?.state).not.toHaveProperty("misplaced");
    nodes.set("w0", { ...(nodes.get("w1") as LiveNode), ID: "w0", Status: { State: "down" } });
    expect((await nodeKind.read("w1", stored(), context))?.state).toMatchObject({
      nodeId: "w1",
      misplaced: "an old entry of it in docker node ls",
    });
  });

  test("keeps a node that is only down, and forgets one that nobody knows", async () => {
    const away: Engine = { LocalNodeState: "active", NodeID: "w1" };
    const kept = await nodeKind.read("w1", stored(), swarm(down, away).context);
    expect(kept?.state).not.toHaveProperty("misplaced");
    const silent = { ...swarm(undefined, left).context, nodes: [] };
    expect(await nodeKind.read("w1", stored(), silent)).toBeUndefined();
  });
});

describe("an update", () => {
  const misplaced = { misplaced: "it left" };

  test("lets a worker join again: its old entry goes, then it joins drained, then come its labels", async () => {
    const { nodes, calls, joins, context } = swarm(down, left);
    const { id, state } = await nodeKind.update(stored(misplaced), inputs, context);
    expect(calls).toEqual(["remove w1", "join", "w2 worker active db=true,owner=us"]);
    expect(joins).toEqual([
      {
        ListenAddr: "0.0.0.0:2377",
        AdvertiseAddr: "10.0.0.9",
        Availability: "drain",
        RemoteAddrs: ["m:2377", "n:2377", "o:2377"],
        JoinToken: "as-worker",
      },
    ]);
    expect([...nodes.keys()]).toEqual(["m1", "n1", "o1", "w2"]);
    expect(state).toMatchObject({ nodeId: "w2" });
    expect(state).not.toHaveProperty("misplaced");
    expect(id).toBe("w2");
  });

  test("lets a host with addresses of its own join again at those", async () => {
    const { joins, context } = swarm(down, left);
    const own = { advertise: "eth1:7777", listen: "eth1:7777", dataPath: "eth2" };
    await nodeKind.update(stored(misplaced), { ...inputs, ...own }, context);
    expect(joins).toMatchObject([
      { ListenAddr: "eth1:7777", AdvertiseAddr: "eth1:7777", DataPathAddr: "eth2" },
    ]);
  });

  test("lets one that was removed leave first; without an entry the managers see its address", async () => {
    const { calls, joins, context } = swarm(undefined, removed);
    await nodeKind.update(stored(misplaced), inputs, context);
    expect(calls).toEqual(["leave", "join", "w2 worker active db=true,owner=us"]);
    expect(joins[0]).not.toHaveProperty("AdvertiseAddr");
  });

  test("lets a manager join again as one; its lost vote goes first", async () => {
    const lost: Partial<LiveNode> = {
      ...{ Status: { State: "down", Addr: "0.0.0.0" } },
      Spec: { Role: "manager", Availability: "active" },
      ManagerStatus: { Reachability: "unreachable", Addr: "10.0.0.9:2377" },
    };
    const role = "manager" as const;
    const { calls, joins, context } = swarm(lost, left);
    await nodeKind.update(stored(misplaced, { role }), { ...inputs, role }, context);
    expect(calls).toEqual([
      "w1 worker active",
      "remove w1",
      "join",
      "w2 manager active db=true,owner=us",
    ]);
    expect(joins[0]).toMatchObject({ JoinToken: "as-manager", AdvertiseAddr: "10.0.0.9" });
  });

  test("does not touch a Docker engine in another swarm", async () => {
    const { calls, context } = swarm(down, { LocalNodeState: "active", NodeID: "x" });
    await expect(nodeKind.update(stored(misplaced), inputs, context)).rejects.toThrow(
      "w cannot join the swarm: its Docker engine is in another swarm. Nothing there was changed. " +
        "If it may leave that swarm, run docker swarm leave on it, then run up again",
    );
    expect(calls).toEqual([]);
  });

  test("of a node with an old entry removes that one", async () => {
    const { nodes, calls, context } = swarm({}, left);
    nodes.set("w0", { ...(nodes.get("w1") as LiveNode), ID: "w0", Status: { State: "down" } });
    await nodeKind.update(stored(misplaced), inputs, context);
    expect(calls).toEqual(["remove w0", "w1 worker active db=true,owner=us"]);
  });
});

test("a create lets a host join that is in no swarm", async () => {
  const { calls, context } = swarm(undefined, left);
  const { id } = await nodeKind.create(inputs, context);
  expect(id).toBe("w2");
  expect(calls).toEqual(["join", "w2 worker active db=true,owner=us"]);
});
