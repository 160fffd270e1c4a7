import { describe, expect, test } from "vitest";
import type { SwarmAccess } from "../../components/engine/access";
import type { EngineInfo, LiveNode } from "../../components/engine/live";
import { misplacedHosts } from "../../components/observe/misplaced";
import { judgePlace, oldEntries, placeOf } from "../../components/observe/place";

type Engine = NonNullable<EngineInfo["Swarm"]>;

function entry(ID: string, Hostname: string, State: string, Role: "manager" | "worker" = "worker") {
  return {
    ID,
    CreatedAt: ID,
    Version: { Index: 1 },
    Spec: { Role, Availability: "active" },
    Description: { Hostname },
    Status: { State },
  } satisfies LiveNode;
}

const manager = entry("m1", "m", "ready", "manager");
const nodes = [manager, entry("w1", "w", "down")];
const ours = [{ NodeID: "m1", Addr: "10.0.0.1:2377" }];
const theirs = [{ NodeID: "x1", Addr: "10.9.0.1:2377" }];

describe("a host that the swarm does not see as up", () => {
  test.each<[string, Engine, readonly LiveNode[], object]>([
    [
      "has left, when its Docker engine is in no swarm",
      { LocalNodeState: "inactive", NodeID: "" },
      nodes,
      { kind: "lost", why: "its Docker engine is not in a swarm", leaves: false },
    ],
    [
      "was removed, when its id is not among the nodes and it knows our managers",
      { LocalNodeState: "active", NodeID: "w0", RemoteManagers: ours },
      nodes,
      { kind: "lost", why: "it was removed from the swarm", leaves: true },
    ],
    [
      "was removed, when its id is the one that we know",
      { LocalNodeState: "pending", NodeID: "gone", RemoteManagers: theirs },
      nodes,
      { kind: "lost", why: "it was removed from the swarm", leaves: true },
    ],
    [
      "is in somebody else's swarm, when neither is so",
      { LocalNodeState: "active", NodeID: "x2", RemoteManagers: theirs },
      nodes,
      {
        kind: "foreign",
        why: "its Docker engine is in another swarm (managers at 10.9.0.1:2377)",
      },
    ],
    [
      "is in somebody else's swarm, when it is the only node there",
      { LocalNodeState: "active", NodeID: "x2", RemoteManagers: null },
      nodes,
      { kind: "foreign", why: "its Docker engine is in another swarm" },
    ],
    [
      "is locked",
      { LocalNodeState: "locked", NodeID: "" },
      nodes,
      { kind: "locked", why: "its swarm is locked" },
    ],
    [
      "has its place, when the swarm has its id",
      { LocalNodeState: "active", NodeID: "w1" },
      nodes,
      { kind: "away", why: "the swarm sees it as down" },
    ],
    [
      "has its place and a trouble",
      { LocalNodeState: "error", NodeID: "w1", Error: "certificate has expired" },
      nodes,
      { kind: "away", why: "the swarm sees it as down: certificate has expired" },
    ],
    [
      "is still on its way",
      { LocalNodeState: "pending", NodeID: "" },
      nodes,
      { kind: "away", why: "its Docker engine's swarm state is pending" },
    ],
  ])("%s", (_, engine, all, place) => {
    expect(judgePlace(engine, all, "gone")).toEqual(place);
  });
});

/** A swarm whose host `w` says this of itself; an error is a host that does not answer. */
function access(all: readonly LiveNode[], engine: Engine | Error): SwarmAccess {
  const asked = async () => {
    if (engine instanceof Error) throw engine;
    return { Swarm: engine };
  };
  return {
    signal: new AbortController().signal,
    nodes: ["m", "w"],
    manager: async () => ({ nodes: { list: async () => all } }),
    node: async () => ({ info: asked }),
  } as unknown as SwarmAccess;
}

describe("placeOf", () => {
  const silent = new Error("connection refused");

  test("asks no host that is up, and prefers the entry that we know", async () => {
    const both = [manager, entry("w1", "w", "ready"), entry("w2", "w", "ready")];
    expect(await placeOf("w", "w1", access(both, silent))).toEqual({
      kind: "member",
      node: both[1],
    });
    expect(await placeOf("w", undefined, access(both, silent))).toEqual({
      kind: "member",
      node: both[2],
    });
  });

  test("knows nothing of a host that does not answer or that it cannot reach", async () => {
    const away = { kind: "away", why: "connection refused" };
    expect(await placeOf("w", "w1", access(nodes, silent))).toEqual(away);
    const elsewhere = { ...access(nodes, silent), nodes: [] };
    expect(await placeOf("w", "w1", elsewhere)).toEqual({
      kind: "away",
      why: "the provider cannot reach it",
    });
  });
});

describe("misplacedHosts", () => {
  const declared = [
    { name: "m", role: "manager" },
    { name: "w", role: "worker" },
  ] as const;
  const left: Engine = { LocalNodeState: "inactive" };

  test.each<[string, readonly LiveNode[], Engine | Error, readonly [string, string][]]>([
    ["nobody", [manager, entry("w1", "w", "ready")], left, []],
    ["one that left", nodes, left, [["w", "its Docker engine is not in a swarm"]]],
    ["none that does not answer", nodes, new Error("timeout"), []],
    ["none that is locked", nodes, { LocalNodeState: "locked" }, []],
    [
      "one in another swarm",
      nodes,
      { LocalNodeState: "active", NodeID: "x" },
      [["w", "its Docker engine is in another swarm"]],
    ],
    [
      "one with another role",
      [manager, entry("w1", "w", "ready", "manager")],
      left,
      [["w", "it is a manager, not a worker"]],
    ],
    [
      "one with an old entry",
      [manager, entry("w1", "w", "down"), entry("w2", "w", "ready")],
      left,
      [["w", "the swarm has an old entry of it"]],
    ],
  ])("finds %s", async (_, all, engine, found) => {
    expect([...(await misplacedHosts(declared, access(all, engine)))]).toEqual(found);
  });
});

test("old entries of a host are those that are down, never a living machine of its name", () => {
  const all = [entry("w1", "w", "down"), entry("w2", "w", "ready"), entry("w3", "w", "ready")];
  expect(oldEntries(all[1] as LiveNode, [...all, manager]).map(({ ID }) => ID)).toEqual(["w1"]);
});
