import { expect, test } from "vitest";
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
