import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ownerLabels } from "../../../components/model/ownership";
import { wrap } from "../../../components/provider/protocol/marshal";
import { create } from "../../../components/provider/protocol/resource-calls";
// Loaded beforehand: the provider loads kinds when it first needs them, which takes no simulated time.
import "../../../components/provider/kinds";
import { contextWith } from "../service/stub-context";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const URN = "urn:pulumi:dev::swarmyard::swarm:index:Config::page";
const LOST = "rpc error: code = Unavailable desc = transport is closing";

/** A swarm whose first create of a config fails with `message`, after it has happened or before. */
function swarmThatLoses(message: string, happens: boolean) {
  const stored: { ID: string; Version: { Index: number }; Spec: { Name: string } }[] = [];
  let asked = 0;
  const configs = {
    list: async () => [...stored],
    inspect: async (id: string) => stored.find(({ ID }) => ID === id),
    update: async () => undefined,
    create: async (Spec: { Name: string }) => {
      asked += 1;
      const ID = `id-${asked}`;
      if (asked > 1 || happens) stored.push({ ID, Version: { Index: 1 }, Spec });
      if (asked > 1) return ID;
      throw Object.assign(new Error(message), { statusCode: 500, json: { message } });
    },
  };
  const context = {
    ...contextWith({}),
    urn: URN,
    labels: ownerLabels(URN),
    manager: async () => ({ configs }) as never,
  };
  const operations = { context: () => context, salt: "salt" } as never;
  const inputs = { base: "page", name: "page-1", data: "text", encoding: "utf8", labels: {} };
  const request = new pb.CreateRequest().setUrn(URN).setProperties(wrap(inputs, new Set()));
  return { answer: create(request, operations), stored, asked: () => asked };
}

test.each([
  { happens: true, made: "id-1", tries: 1 },
  { happens: false, made: "id-2", tries: 2 },
])(
  "a create whose answer a manager lost succeeds, and there is one object (happened: $happens)",
  async ({ happens, made, tries }) => {
    const { answer, stored, asked } = swarmThatLoses(LOST, happens);
    const outcome = answer.then((response) => response.getId());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await outcome).toBe(made);
    expect(stored.map(({ ID }) => ID)).toEqual([made]);
    expect(asked()).toBe(tries);
  },
);

test("another refusal is reported at once", async () => {
  const { answer, asked } = swarmThatLoses("invalid config name", false);
  await expect(answer).rejects.toThrow("invalid config name");
  expect(asked()).toBe(1);
});
