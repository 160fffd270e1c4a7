import { expect, test } from "vitest";
import { ownerLabels } from "../../../components/model/ownership";
import type { LiveService } from "../../../components/model/service/wire";
import type { KindContext } from "../../../components/provider/context";
import { createdIn, creationsKind } from "../../../components/provider/service/creations";

const urn = "urn:pulumi:dev::yard::swarm:index:Creations::blue-creations";

function service(ID: string, containerLabels: object, Labels = {}): LiveService {
  const ContainerSpec = { Labels: { ...containerLabels }, StopGracePeriod: 1e9 };
  return { ID, Version: { Index: 1 }, Spec: { Name: ID, Labels, TaskTemplate: { ContainerSpec } } };
}

const labels = { "blue.agent": "default.", "blue.service": "default." };
const all = [
  service("agent", { "blue.agent": "default.registry.openai" }),
  service("service", { "blue.service": "default.openai" }),
  service("staging", { "blue.agent": "staging.registry.openai" }),
  service("declared", { "blue.agent": "default.registry.nl2sql" }, ownerLabels(urn)),
  service("other", {}),
];

test("what programs created has one of the labels, and no stack that declares it", () => {
  expect(createdIn(all, labels, urn).map(({ ID }) => ID)).toEqual(["agent", "service"]);
  expect(createdIn(all, {}, urn)).toEqual([]);
  expect(createdIn(all, { "blue.agent": "", "blue.service": "x" }, urn)).toEqual([]);
});

test("deleting it removes them and waits for their tasks, and creating it makes nothing", async () => {
  const said: string[] = [];
  const removed: string[] = [];
  const context = {
    urn,
    signal: new AbortController().signal,
    log: (text: string) => said.push(text),
    manager: async () => ({
      services: { list: async () => all, remove: async (id: string) => removed.push(id) },
      tasks: { list: async () => [{ ID: "t", Status: { State: "shutdown" } }] },
    }),
  } as unknown as KindContext;
  const { id, state } = await creationsKind.create({ labels }, context);
  expect(removed).toEqual([]);
  await creationsKind.delete({ id, inputs: { labels }, state }, context);
  expect(removed).toEqual(["agent", "service"]);
  expect(said).toEqual(["removing what programs created: agent, service"]);
});

test("other labels are a change in place", () => {
  const old = { id: "id", inputs: { labels }, state: { labels } };
  expect(creationsKind.diff(old, { labels: { "blue.agent": "default." } })).toEqual([
    { path: 'labels["blue.service"]', kind: "delete", replace: false },
  ]);
});
