import { expect, test } from "vitest";
import { createNetwork } from "../../../components/network";
import { LocalNetwork } from "../../../components/network/local/network";
import { localEnvironment } from "../../local-environment";
import { Recorder } from "../../recorder";

const NETWORK = "docker:index/network:Network";

test("two environments get a network each, named and labelled by the stack", async () => {
  const recorder = new Recorder({ stack: "one" });
  for (const [name, environment] of [
    ["a", localEnvironment("one")],
    ["b", localEnvironment("two")],
  ] as const) {
    new LocalNetwork(name, { environment, settings: environment.local }, recorder.opts);
  }
  await recorder.settle();

  expect(recorder.list()).toEqual([
    `${NETWORK} a-bridge`,
    `${NETWORK} b-bridge`,
    "swarm:network:Local a",
    "swarm:network:Local b",
  ]);
  expect(recorder.inputs(NETWORK, "a-bridge")).toEqual({
    name: "swarmyard-one",
    driver: "bridge",
    ipamConfigs: [{ subnet: "10.64.0.0/16", gateway: "10.64.0.1" }],
    labels: [
      { label: "swarmyard.kind", value: "network" },
      { label: "swarmyard.stack", value: "swarmyard/one" },
    ],
  });
  const { deleteBeforeReplace, ignoreChanges } = recorder.declaration(NETWORK, "a-bridge").opts;
  // Docker cannot change labels: those of an existing network stay.
  expect([deleteBeforeReplace, ignoreChanges]).toEqual([true, ["labels"]]);
});

test("an environment without local hosts creates no network", async () => {
  const recorder = new Recorder();
  const { local: _, ...environment } = localEnvironment("one", { hosts: [] });
  expect(await createNetwork(environment, recorder.opts)).toEqual({});
  await recorder.settle();
  expect(recorder.list()).toEqual([]);
});
