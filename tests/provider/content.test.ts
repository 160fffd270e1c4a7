import { describe, expect, test } from "vitest";
import { MADE_LABEL, ownerLabels } from "../../components/model/ownership";
import { secretKind } from "../../components/provider/content/secret";
import { contextWith } from "./service/stub-context";

interface Stored {
  ID: string;
  Version: { Index: number };
  Spec: { Name: string; Labels: { [key: string]: string } };
}

/** A swarm that has only secrets. */
function swarmWithSecrets() {
  const stored = new Map<string, Stored>();
  let made = 0;
  const used = new Set<string>();
  const gone = () => Object.assign(new Error("gone"), { statusCode: 404 });
  const secrets = {
    list: async () => [...stored.values()],
    create: async ({ Name, Labels }: Stored["Spec"]) => {
      made += 1;
      const ID = `id-${made}`;
      stored.set(ID, { ID, Version: { Index: 1 }, Spec: { Name, Labels } });
      return ID;
    },
    inspect: async (id: string) => stored.get(id) ?? Promise.reject(gone()),
    update: async (id: string, _: number, { Labels }: Stored["Spec"]) => {
      const found = stored.get(id);
      if (found !== undefined) found.Spec.Labels = Labels;
    },
    remove: async (id: string) => {
      if (used.has(id)) throw Object.assign(new Error("in use"), { statusCode: 400 });
      stored.delete(id);
    },
  };
  const context = { ...contextWith({}), manager: async () => ({ secrets }) as never };
  return { stored, used, context };
}

describe("a secret whose value goes back to what it was before a failed rollout", () => {
  const inputs = { base: "pw", name: "pw-1", data: "first", labels: { tier: "db" } };

  test("is taken over, and the delete of the earlier one leaves it alone", async () => {
    const { stored, context } = swarmWithSecrets();
    const first = await secretKind.create(inputs, context);
    const again = await secretKind.create({ ...inputs, labels: { tier: "web" } }, context);
    expect(again.id).toBe(first.id);
    expect(stored.get(first.id)?.Spec.Labels).toMatchObject({
      tier: "web",
      ...ownerLabels(context.urn),
    });
    await secretKind.delete({ id: first.id, inputs, state: first.state }, context);
    expect(stored.size).toBe(1);
    await secretKind.delete({ id: again.id, inputs, state: again.state }, context);
    expect(stored.size).toBe(0);
  });

  test("keeps its mark when labels change, and shows it to nobody", async () => {
    const { stored, context } = swarmWithSecrets();
    const made = await secretKind.create(inputs, context);
    const old = { id: made.id, inputs, state: made.state };
    const changed = await secretKind.update(old, { ...inputs, labels: { a: "b" } }, context);
    expect(stored.get(made.id)?.Spec.Labels[MADE_LABEL]).toBe(changed.state.made);
    const read = await secretKind.read(made.id, { ...old, state: changed.state }, context);
    expect(read?.inputs.labels).toEqual({ a: "b" });
    expect(read?.state.made).toBe(made.state.made);
  });

  test("is removed even when an old version without marks created it", async () => {
    const { stored, context } = swarmWithSecrets();
    const made = await secretKind.create(inputs, context);
    const found = stored.get(made.id);
    if (found !== undefined) found.Spec.Labels = ownerLabels(context.urn);
    await secretKind.delete({ id: made.id, inputs, state: { ...inputs } }, context);
    expect(stored.size).toBe(0);
  });
});

test("what a killed run created without recording it is removed, unless a service uses it", async () => {
  const { stored, used, context } = swarmWithSecrets();
  const create = (name: string) =>
    secretKind.create({ base: "pw", name, data: name, labels: {} }, context);
  used.add((await create("pw-1")).id);
  await create("pw-2");
  const { id } = await create("pw-3");
  expect([...stored.values()].map(({ Spec }) => Spec.Name)).toEqual(["pw-1", "pw-3"]);
  expect(stored.has(id)).toBe(true);
  await context.leftovers.removeAll();
  expect(stored.size).toBe(2);
  used.clear();
  await context.leftovers.removeAll();
  expect([...stored.keys()]).toEqual([id]);
});
