import { describe, expect, test } from "vitest";
import type { EngineClient } from "../../components/engine/client";
import type { Endpoint } from "../../components/engine/endpoints";
import { endpointsIn, hasUnlockKey, unlockKeysIn } from "../../tools/setup/state-secrets";
import { unlockAll } from "../../tools/setup/unlock";

const signature = "4dabf18193072939515e22adb298388d";
const type = "swarm:index:Cluster";
const state = (...resources: readonly { type: string; outputs: object }[]) => ({
  deployment: { resources: resources.map((one) => ({ ...one, outputs: { ...one.outputs } })) },
});
const clear = (text: string) => ({ [signature]: "secret", plaintext: JSON.stringify(text) });

describe("keys in a state", () => {
  test("are the key of now and the one before it", () => {
    const outputs = { unlockKey: clear("SWMKEY-1-b"), previousUnlockKey: clear("SWMKEY-1-a") };
    expect(unlockKeysIn(state({ type, outputs }))).toEqual(["SWMKEY-1-b", "SWMKEY-1-a"]);
    expect(unlockKeysIn(state({ type, outputs: { unlockKey: "plain" } }))).toEqual(["plain"]);
  });

  test("are none without autolock, in another resource, or without a state", () => {
    const hidden = { [signature]: "secret", ciphertext: "v1:x" };
    expect(hasUnlockKey(state({ type, outputs: { unlockKey: hidden } }))).toBe(true);
    expect(hasUnlockKey(state({ type, outputs: { managerToken: hidden } }))).toBe(false);
    expect(hasUnlockKey(state({ type: "a:b:C", outputs: { unlockKey: hidden } }))).toBe(false);
    expect(hasUnlockKey({})).toBe(false);
    expect(unlockKeysIn(state({ type, outputs: {} }))).toEqual([]);
  });
});

test("the ways to the hosts are in a state whose up failed", () => {
  const way = { name: "a", role: "manager", host: "127.0.0.1", port: 20001, user: "root" };
  const inputs = { endpoints: clear(JSON.stringify([way])) };
  const provider = { type: "pulumi:providers:swarm", outputs: {}, inputs };
  expect(endpointsIn({ deployment: { resources: [provider] } })).toEqual([way]);
  expect(endpointsIn({})).toEqual([]);
});

const endpoint = (name: string, role: Endpoint["role"]) => ({ name, role }) as Endpoint;

test("every manager that is locked is unlocked, and each line says what was done", async () => {
  const states: { [name: string]: string } = { a: "active", b: "locked", c: "locked" };
  const node = async (name: string) => {
    if (name === "d") throw new Error("no answer within 20 s");
    return {
      info: async () => ({ Swarm: { LocalNodeState: states[name] } }),
      async unlock(key: string) {
        if (name === "c") throw new Error("invalid key provided");
        expect(key).toBe("KEY");
        states[name] = "active";
      },
    } as unknown as EngineClient;
  };
  const managers = ["a", "b", "c", "d"].map((name) => endpoint(name, "manager"));
  const lines = await unlockAll([...managers, endpoint("w", "worker")], ["KEY"], { node });
  expect(lines).toEqual([
    "Unlocked the manager b: its Docker engine had restarted.",
    "The manager c stays locked: invalid key provided.",
    "It is not known whether the manager d is locked: no answer within 20 s",
  ]);
  expect(states).toEqual({ a: "active", b: "active", c: "locked" });
});
