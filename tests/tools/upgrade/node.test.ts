import { expect, test } from "vitest";
import type { LiveNode } from "../../../components/engine/live";
import { isBack } from "../../../tools/upgrade/node";

const node = (
  state: string,
  version: string,
  ManagerStatus?: LiveNode["ManagerStatus"],
): LiveNode => ({
  ID: "a",
  CreatedAt: "",
  Version: { Index: 1 },
  Spec: { Role: "worker", Availability: "drain" },
  Description: { Hostname: "w-0", Engine: { EngineVersion: version } },
  Status: { State: state },
  ...(ManagerStatus === undefined ? {} : { ManagerStatus }),
});

test.each([
  ["the swarm sees its new Docker engine", node("ready", "26.1.5"), true],
  ["the swarm still has the old one's", node("ready", "20.10.24"), false],
  ["it is down", node("down", "26.1.5"), false],
  ["its manager answers", node("ready", "26.1.5", { Reachability: "reachable" }), true],
  ["its manager does not", node("ready", "26.1.5", { Reachability: "unreachable" }), false],
])(
  "a node is back when its place in the swarm is that of the new Docker engine: %s",
  (_, one, is) => {
    expect(isBack(one, "26.1.5")).toBe(is);
  },
);
