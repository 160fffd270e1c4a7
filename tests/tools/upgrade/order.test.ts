import { expect, test } from "vitest";
import { managersMissed, upgradeOrder } from "../../../tools/upgrade/order";

const manager = (Hostname: string, Reachability = "reachable", Leader = false) => ({
  Description: { Hostname },
  ManagerStatus: { Reachability, Leader },
});
const worker = (Hostname: string) => ({ Description: { Hostname } });

test("workers come first, the leader last", () => {
  const nodes = [
    manager("m-0", "reachable", true),
    manager("m-1"),
    worker("w-1"),
    worker("w-0"),
    worker("w-2"),
  ];
  const upgrades = ["m-0", "m-1", "w-1", "w-0"].map((host) => ({ host }));
  expect(upgradeOrder(upgrades, nodes).map(({ host }) => host)).toEqual([
    "w-0",
    "w-1",
    "m-1",
    "m-0",
  ]);
});

test.each([
  ["all three answer", ["m-0", "m-1", "m-2"], [], []],
  ["one of the others does not", ["m-0", "m-1", "m-2"], ["m-2"], ["m-2"]],
  ["of five one does not", ["m-0", "m-1", "m-2", "m-3", "m-4"], ["m-4"], []],
  ["of five two do not", ["m-0", "m-1", "m-2", "m-3", "m-4"], ["m-3", "m-4"], ["m-3", "m-4"]],
  ["of four one does not", ["m-0", "m-1", "m-2", "m-3"], ["m-3"], ["m-3"]],
  ["it is the one that does not", ["m-0", "m-1", "m-2"], ["m-0"], []],
  ["two managers have no majority to lose", ["m-0", "m-1"], ["m-1"], []],
  ["it is the only one", ["m-0"], [], []],
])("a manager stops only when the others are a majority: %s", (_, names, silent, missed) => {
  const nodes = names.map((name) =>
    manager(name, silent.some((one) => one === name) ? "unreachable" : "reachable"),
  );
  expect(managersMissed("m-0", [...nodes, worker("w-0")])).toEqual(missed);
});

test("a worker stops whatever the managers do", () => {
  const nodes = [manager("m-0"), manager("m-1", "unreachable"), manager("m-2", "unreachable")];
  expect(managersMissed("w-0", [...nodes, worker("w-0")])).toEqual([]);
});
