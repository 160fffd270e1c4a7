import { expect, test } from "vitest";
import { readProbe } from "../../../components/engine/machine/facts";
import { adoptionComplaints, memberOf } from "../../../components/engine/machine/membership";

const names = { hostname: "db-0", nodeName: "db-0" };
const wanted = { adopts: ["db-0", "db-1"], setHostname: false };

test("a manager names its swarm and all nodes, a worker its swarm alone", () => {
  const lines = ["swarm=active", "cluster=abc", "peer=db-0 Ready", "peer=db-1 Down"];
  expect(readProbe(lines.join("\n")).membership).toEqual({
    state: "active",
    swarm: "abc",
    nodes: [
      { name: "db-0", status: "Ready" },
      { name: "db-1", status: "Down" },
    ],
  });
  expect(readProbe("swarm=active\ncluster=abc").membership).toEqual({
    state: "active",
    swarm: "abc",
  });
  expect(readProbe("hostname=x").membership).toEqual({ state: "inactive" });
});

test("the id of its swarm: empty for none, and a word of its own where it cannot tell", () => {
  expect(memberOf({ state: "active", swarm: "abc" })).toBe("abc");
  expect(memberOf({ state: "active" })).toBe("unknown");
  expect(memberOf({ state: "inactive", swarm: "abc" })).toBe("");
});

test("a machine of a swarm whose nodes are all listed is taken over; one in no swarm joins", () => {
  const nodes = [{ name: "db-1", status: "Ready" }];
  expect(adoptionComplaints({ state: "active", nodes }, wanted, names)).toEqual([]);
  expect(adoptionComplaints({ state: "inactive" }, wanted, names)).toEqual([]);
});

test("nodes that are not listed are named, with their state", () => {
  const nodes = ["db-1 Ready", "a Ready", "b Down"].map((text) => {
    const [name = "", status = ""] = text.split(" ");
    return { name, status };
  });
  expect(adoptionComplaints({ state: "active", nodes }, wanted, names)).toEqual([
    {
      found: "its swarm has nodes that the environment does not list: a (ready), b (down)",
      fix: "list them under `machines`, as `npm run adopt` does; or take them out of the swarm first: `docker node update --availability drain`, then `docker node rm --force`",
    },
  ]);
});

test("a swarm that is not in order is left alone, and a node keeps its name", () => {
  expect(adoptionComplaints({ state: "locked" }, wanted, names).map(({ found }) => found)).toEqual([
    "its place in the swarm is not in order (locked)",
  ]);
  const renamed = { ...wanted, setHostname: true };
  const other = { hostname: "x", nodeName: "db-0" };
  expect(adoptionComplaints({ state: "active" }, renamed, other)).toEqual([
    {
      found: "its hostname is x, and a node of a swarm that is taken over keeps its name",
      fix: "`nodeName: x`",
    },
  ]);
});
