import { expect, test } from "vitest";
import type { EngineClient } from "../../components/engine/client";
import { unlockManager } from "../../components/engine/unlocking";

/** A Docker engine in one state, that a key unlocks; what it was given is in `given`. */
function engine(state: string, key = "right", after = "active") {
  const given: string[] = [];
  let now = state;
  const client = {
    info: async () => ({ Swarm: { LocalNodeState: now } }),
    async unlock(one: string) {
      given.push(one);
      if (one !== key) throw new Error("swarm could not be unlocked: invalid key provided");
      now = after;
    },
  } as unknown as EngineClient;
  return { client, given };
}

test("a manager that is not locked is given no key", async () => {
  const { client, given } = engine("active");
  expect(await unlockManager(client, ["right"])).toEqual({ kind: "open" });
  expect(given).toEqual([]);
});

test("a locked one takes the key", async () => {
  const { client, given } = engine("locked");
  expect(await unlockManager(client, ["right", "older"])).toEqual({ kind: "unlocked" });
  expect(given).toEqual(["right"]);
});

test("one that was down while the key changed takes the key before it", async () => {
  const { client, given } = engine("locked", "older");
  expect(await unlockManager(client, ["newer", "older"])).toEqual({ kind: "unlocked" });
  expect(given).toEqual(["newer", "older"]);
});

test("one that takes no key stays locked, with the Docker engine's reason", async () => {
  const { client } = engine("locked", "another");
  const reason = "swarm could not be unlocked: invalid key provided";
  expect(await unlockManager(client, ["a", "b"])).toEqual({ kind: "refused", reason });
  expect(await unlockManager(client, [])).toEqual({ kind: "refused", reason: "there is no key" });
});
