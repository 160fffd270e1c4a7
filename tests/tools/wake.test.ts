import { expect, test } from "vitest";
import { fallenAsleep } from "../../tools/setup/stay-awake";
import { toWake, wakeCommands } from "../../tools/setup/wake";

const sleeping = (name: string, state: string, kind = "node") => ({ id: name, name, state, kind });

test("paused containers are unpaused, stopped ones started, running ones left", () => {
  const containers = [
    sleeping("a", "exited"),
    sleeping("b", "paused"),
    sleeping("c", "running"),
    sleeping("d", "created"),
  ];
  expect(wakeCommands(containers)).toEqual([
    ["unpause", "b"],
    ["start", "a", "d"],
  ]);
  expect(wakeCommands([])).toEqual([]);
});

test("an undeclared dead host stays stopped; anything that is not a host is started", () => {
  const [host, gone] = [sleeping("h", "exited"), sleeping("g", "exited")];
  const registry = sleeping("registry", "exited", "registry");
  expect(toWake([host, gone, registry], ["h"])).toEqual([host, registry]);
});

test("while up runs, a host that stopped is started, unless Pulumi is removing it or does not know it", () => {
  const type = "docker:index/container:Container";
  const state = {
    deployment: {
      resources: ["stopped", "leaving", "paused", "registry"].map((id) => ({ type, id })),
      pending_operations: [{ type: "deleting", resource: { type, id: "leaving" } }],
    },
  };
  const containers = [
    sleeping("stopped", "exited"),
    sleeping("leaving", "exited"),
    sleeping("paused", "paused"),
    sleeping("registry", "exited", "registry"),
    sleeping("new", "exited"),
  ];
  expect(fallenAsleep(containers, state).map(({ id }) => id)).toEqual(["stopped"]);
  expect(fallenAsleep(containers, {})).toEqual([]);
});
