import { expect, test } from "vitest";
import { createNetwork } from "../../../components/network";
import { LocalNetwork } from "../../../components/network/local/network";
import { localEnvironment, localHost } from "../../local-environment";
import { Recorder } from "../../recorder";

const NETWORK = "docker:index/network:Network";

test("two environments get a network each, named and labelled by the stack", async () => {
  const recorder = new Recorder({ stack: "one" });
  new LocalNetwork("a", { environment: localEnvironment("one") }, recorder.opts);
  new LocalNetwork("b", { environment: localEnvironment("two") }, recorder.opts);
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
  expect(recorder.declaration(NETWORK, "a-bridge").opts.deleteBeforeReplace).toBe(true);
});

test("an environment without local hosts makes no network", async () => {
  const recorder = new Recorder();
  const hosts = [localHost("cloud", { kind: "ssh" })];
  expect(await createNetwork(localEnvironment("one", { hosts }), recorder.opts)).toEqual({});
  await recorder.settle();
  expect(recorder.list()).toEqual([]);
});
