import { expect, test } from "vitest";
import { secretKind } from "../../components/provider/content/secret";
import type { KindContext } from "../../components/provider/context";

const urn = "urn:pulumi:dev::yard::swarm:index:Secret::word";
const salted = { urn, salt: "salt" };

/** A swarm that keeps secrets by id and gives each a new one. */
function swarm() {
  const kept = new Map<string, { Name: string; Data: string; Labels: object }>();
  let made = 0;
  const gone = Object.assign(new Error("no such secret"), { statusCode: 404 });
  const found = (id: string) => ({ ID: id, Version: { Index: 1 }, Spec: kept.get(id) });
  const secrets = {
    list: async () => [...kept.keys()].map(found),
    create: async (body: { Name: string; Data: string; Labels: object }) => {
      made += 1;
      kept.set(`id${made}`, body);
      return `id${made}`;
    },
    inspect: async (id: string) => {
      if (!kept.has(id)) throw gone;
      return found(id);
    },
    update: async () => undefined,
    remove: async (id: string) => {
      if (!kept.delete(id)) throw gone;
    },
  };
  const context = {
    ...salted,
    labels: {},
    signal: new AbortController().signal,
    log: () => undefined,
    manager: async () => ({ secrets }),
  } as unknown as KindContext;
  return { kept, context };
}

test("a random secret that was removed by hand is recreated with its value and name", async () => {
  const { kept, context } = swarm();
  const wanted = { base: "word", random: 24 };
  const inputs = secretKind.check(wanted, undefined, salted).inputs as Parameters<
    typeof secretKind.create
  >[0];
  const { id, state } = await secretKind.create(inputs, context);
  const [before] = [...kept.values()];
  kept.clear();

  const read = await secretKind.read(id, { id, inputs, state }, context);
  expect(read?.inputs.name).toBe("removed from the swarm");
  const old = { id, inputs: read?.inputs as typeof inputs, state: read?.state ?? {} };
  const again = secretKind.check(wanted, old.inputs, salted).inputs as typeof inputs;
  expect(again).toEqual(inputs);
  expect(secretKind.diff(old, again)).toEqual([{ path: "name", kind: "update", replace: false }]);

  const updated = await secretKind.update(old, again, context);
  const { Name, Data } = before as unknown as { Name: string; Data: string };
  expect([...kept.values()]).toMatchObject([{ Name, Data }]);
  const now = { id: updated.id, inputs: again, state: updated.state };
  expect((await secretKind.read(id, now, context))?.inputs).toEqual(again);
  await secretKind.delete(now, context);
  expect(kept.size).toBe(0);
});

test("a removed secret with new data is replaced, and its removal asks for nothing", async () => {
  const { kept, context } = swarm();
  const inputs = secretKind.check({ base: "word", data: "old" }, undefined, salted)
    .inputs as Parameters<typeof secretKind.create>[0];
  const { id, state } = await secretKind.create(inputs, context);
  kept.clear();
  const read = await secretKind.read(id, { id, inputs, state }, context);
  const old = { id, inputs: read?.inputs as typeof inputs, state: read?.state ?? {} };
  const news = secretKind.check({ base: "word", data: "new" }, old.inputs, salted).inputs;
  const changes = secretKind.diff(old, news as typeof inputs);
  expect(changes.find(({ path }) => path === "data")?.replace).toBe(true);
  await secretKind.delete(old, context);
});
