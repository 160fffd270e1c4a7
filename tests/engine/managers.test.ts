import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EngineClient } from "../../components/engine/client";
import { electManager, NoManagerError } from "../../components/engine/managers";
import type { HostConnection } from "../../components/engine/ssh";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const leader = { LocalNodeState: "active", ControlAvailable: true, Error: "" };
const leaderless = { ...leader, Error: "The swarm does not have a leader." };

/** Managers by name: the seconds from which each has a leader, or undefined when nothing answers. */
function swarm(managers: { readonly [name: string]: number | undefined }) {
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const hosts = Object.entries(managers).map(([name, from]) => ({
    endpoint: { name, role: "manager", user: "root", host: "127.0.0.1", port: 22 },
    open: async () => {
      if (from !== undefined) return { destroy: () => undefined };
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      throw new Error("no answer within 20 s");
    },
  }));
  const engine = ({ endpoint }: HostConnection) => {
    const from = managers[endpoint.name] ?? 0;
    return {
      info: async () => ({ Swarm: seconds() < from ? leaderless : leader }),
    } as unknown as EngineClient;
  };
  return { hosts: hosts as unknown as HostConnection[], engine, seconds };
}

test("takes the first manager that answers, without waiting for one that is silent", async () => {
  const { hosts, engine, seconds } = swarm({ silent: undefined, good: 0 });
  const elected = await electManager(hosts, engine);
  expect(elected.endpoint.name).toBe("good");
  expect(seconds()).toBe(0);
});

test("waits for the vote after the leader falls silent", async () => {
  const { hosts, engine, seconds } = swarm({ silent: undefined, left: 25 });
  const electing = electManager(hosts, engine).then(({ endpoint }) => [endpoint.name, seconds()]);
  await vi.advanceTimersByTimeAsync(60_000);
  // Of the time that the timers tell, not of the clock.
  expect(await electing).toEqual(["left", 25]);
});

test("gives up after a time, with the answer of each manager", async () => {
  const { hosts, engine, seconds } = swarm({ silent: undefined, alone: Number.POSITIVE_INFINITY });
  const electing = electManager(hosts, engine).catch((error: unknown) => [error, seconds()]);
  await vi.advanceTimersByTimeAsync(120_000);
  const [error, after] = (await electing) as [unknown, number];
  expect(error).toBeInstanceOf(NoManagerError);
  expect(String(error)).toContain("silent (root@127.0.0.1:22): no answer within 20 s");
  expect(String(error)).toContain("alone (root@127.0.0.1:22): The swarm does not have a leader.");
  expect(String(error)).toContain("if they are gone for good, run npm run recover, which goes on");
  expect(after).toBe(41);
});

test("a locked manager is not waited for", async () => {
  const { hosts, seconds } = swarm({ locked: 0 });
  const engine = () =>
    ({ info: async () => ({ Swarm: { LocalNodeState: "locked" } }) }) as EngineClient;
  const error = await electManager(hosts, engine).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NoManagerError);
  expect((error as NoManagerError).locked.map(({ name }) => name)).toEqual(["locked"]);
  expect((error as NoManagerError).outside).toBe(false);
  expect(String(error)).toContain(
    "its swarm is locked; run npm run up, which has the key, or docker swarm unlock on it",
  );
  expect(seconds()).toBe(0);
});

test.each([
  ["pending", "", "its Docker engine still looks for its swarm; wait a minute"],
  ["pending", "no route to host", "no route to host; wait a minute"],
  [
    "error",
    "certificate has expired",
    "certificate has expired; see docker info and journalctl -u docker on it",
  ],
])(
  "a manager in state %s (%s) has an answer of its own, after it had time to recover",
  async (state, trouble, said) => {
    const { hosts, seconds } = swarm({ odd: 0 });
    const engine = () =>
      ({
        info: async () => ({ Swarm: { LocalNodeState: state, Error: trouble } }),
      }) as EngineClient;
    const electing = electManager(hosts, engine).catch((error: unknown) => [error, seconds()]);
    await vi.advanceTimersByTimeAsync(120_000);
    const [error, after] = (await electing) as [unknown, number];
    expect(String(error)).toContain(said);
    expect((error as NoManagerError).outside).toBe(false);
    expect(after).toBe(41);
  },
);
