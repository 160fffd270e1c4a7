import { describe, expect, test } from "vitest";
import { ownerLabels } from "../../components/model/ownership";
import { UNKNOWN } from "../../components/model/values";
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

describe("a random secret", () => {
  type Inputs = Parameters<typeof secretKind.create>[0];
  const check = (more: object, olds?: Inputs) =>
    secretKind.check({ base: "word", random: 24, ...more }, olds, salted).inputs as Inputs;
  const stored = (inputs: Inputs) => ({ id: "1", inputs, state: { ...inputs, secretId: "1" } });

  test("gets another value with another stamp, keeps the one before, and goes back to it", () => {
    const first = check({});
    const second = check({ rotate: "2026-11" }, first);
    expect(second.data).not.toBe(first.data);
    expect(second).toMatchObject({ previous: first.data, previousAs: "24" });
    expect(check({ rotate: "2026-11" }, second)).toEqual(second);
    const third = check({ rotate: "2026-12" }, second);
    expect(third).toMatchObject({ previous: second.data, previousAs: "24 2026-11" });
    expect(third.data).not.toBe(first.data);
    const back = check({ rotate: "2026-11" }, third);
    expect(back).toMatchObject({ data: second.data, name: second.name, previous: third.data });
    expect(check({ random: 30 }, first)).toMatchObject({ previous: first.data, previousAs: "24" });
  });

  test("has the current value as the previous one before its first rotation, when that is asked for", () => {
    const first = check({});
    expect(first).not.toHaveProperty("previous");
    const kept = check({ keepPrevious: true }, first);
    expect(kept).toMatchObject({ data: first.data, name: first.name, previous: first.data });
    expect(secretKind.diff(stored(first), kept).map(({ replace }) => replace)).toEqual([
      false,
      false,
    ]);
    const second = check({ keepPrevious: true, rotate: "b" }, kept);
    expect(second).toMatchObject({ previous: first.data });
    expect(check({ keepPrevious: true, rotate: "b" }, second)).toEqual(second);
  });

  test("stays the same resource in a rotation, as a replacement is checked without its old inputs", () => {
    const first = check({});
    const second = check({ rotate: "b" }, first);
    const changes = secretKind.diff(stored(first), second);
    expect(changes.map(({ path }) => path)).toContain("data");
    expect(changes.filter(({ replace }) => replace)).toEqual([]);
    expect(secretKind.secrets).toEqual(["data", "previous"]);
    const other = check({ base: "other" }, first);
    expect(secretKind.diff(stored(first), other).some(({ replace }) => replace)).toBe(true);
  });

  test("has a new secret after a rotation; the one before goes once no service uses it", async () => {
    const { kept, context } = swarm();
    const removals: string[] = [];
    const leftovers = { remove: async (id: string) => removals.push(id) };
    const owned = {
      ...context,
      urn,
      labels: ownerLabels(urn),
      leftovers,
    } as unknown as KindContext;
    const first = check({});
    const made = await secretKind.create(first, owned);
    const second = check({ rotate: "b" }, first);
    const old = { id: made.id, inputs: first, state: made.state };
    const updated = await secretKind.update(old, second, owned);
    expect(updated.id).toBe(made.id);
    expect(updated.state).toMatchObject({
      secretId: "id2",
      name: second.name,
      previous: first.data,
    });
    expect([...kept.values()].map(({ Name }) => Name)).toEqual([first.name, second.name]);
    expect(removals).toEqual(["id1"]);
  });

  test("shows no name in a preview that the up would not make", () => {
    const first = check({ keepPrevious: true });
    const unknown = { data: UNKNOWN, name: UNKNOWN };
    expect(secretKind.plan(first, undefined)).toMatchObject({ ...unknown, previous: UNKNOWN });
    const second = check({ keepPrevious: true, rotate: "b" }, first);
    expect(secretKind.plan(second, stored(first))).toMatchObject({
      ...unknown,
      previous: first.data,
    });
    const known = { data: first.data, name: first.name };
    expect(secretKind.plan(first, stored(first))).toMatchObject(known);
    const back = check({ keepPrevious: true }, second);
    expect(secretKind.plan(back, stored(second))).toMatchObject(known);
  });

  test("alone can be rotated", () => {
    const news = { base: "word", data: "d", rotate: "b", keepPrevious: true };
    const { problems } = secretKind.check(news, undefined, salted);
    expect(problems.map(({ keys, allowed }) => [keys.join(), allowed])).toEqual([
      ["rotate", "only beside `random`"],
      ["keepPrevious", "only beside `random`"],
    ]);
  });
});
