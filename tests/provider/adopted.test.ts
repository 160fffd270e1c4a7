import { expect, test } from "vitest";
import { engineClient } from "../../components/engine/client";
import { readConfiguration } from "../../components/engine/endpoints";
import type { NodeSpec } from "../../components/engine/live";
import type { NodeInputs } from "../../components/model/kinds/membership";
import type { KindContext } from "../../components/provider/context";
import { networkKind } from "../../components/provider/network/kind";
import { nodeKind } from "../../components/provider/node/kind";
import { contextWith } from "./service/stub-context";

const live = {
  ...{ Id: "n1", Name: "web_default", Scope: "swarm", Driver: "overlay" },
  Options: { "com.docker.network.driver.overlay.vxlanid_list": "4097" },
  Labels: { "com.docker.stack.namespace": "web" },
  IPAM: { Config: [{ Subnet: "10.0.1.0/24", Gateway: "10.0.1.1" }] },
};

function network(changes: object = {}, adopts = true) {
  const answers = { "/networks": [live], "/networks/n1": live };
  const context: KindContext = { ...contextWith(answers), adopts };
  const news = {
    ...{ name: "web_default", subnet: "10.0.1.0/24", labels: live.Labels },
    ...changes,
  };
  const { inputs } = networkKind.check(news, undefined, { urn: context.urn, salt: "s" });
  return networkKind.create(inputs as never, context);
}

test("a network is taken over as it is", async () => {
  expect(await network()).toMatchObject({
    id: "n1",
    state: { networkId: "n1", subnet: "10.0.1.0/24", gateway: "10.0.1.1" },
  });
});

test("one that is not as written is refused by what differs, since Docker cannot modify it", async () => {
  await expect(network({ subnet: "10.0.2.0/24", attachable: true })).rejects.toThrow(
    'the network web_default cannot be taken over as it is: attachable is false, not true; subnet is "10.0.1.0/24", not "10.0.2.0/24"; ' +
      "write it as it is, which `npm run adopt` does, and change it afterwards, or declare it `external: true`",
  );
  await expect(network({}, false)).rejects.toThrow("a network web_default exists already");
});

test("the provider takes over only where its configuration says so", () => {
  expect(readConfiguration({ adopt: "true" }).configuration.adopt).toBe(true);
  expect(readConfiguration({}).configuration).not.toHaveProperty("adopt");
});

test("a node gets its labels and keeps its availability, also in the state", async () => {
  const specs: NodeSpec[] = [];
  const node = {
    ...{ ID: "w1", CreatedAt: "", Version: { Index: 1 } },
    Spec: { Role: "worker", Availability: "pause", Labels: { old: "1" } },
    Description: { Hostname: "w" },
    Status: { State: "ready" },
  };
  const engine = engineClient(async ({ method, path, body }) => {
    if (method === "POST") return specs.push(body as NodeSpec);
    return path === "/nodes" ? [node] : node;
  });
  const context: KindContext = { ...contextWith({}), manager: async () => engine };
  const inputs: NodeInputs = {
    node: "w",
    role: "worker",
    labels: { db: "true" },
    drainTimeout: "1m",
    availability: "keep",
    stays: true,
  };
  const { id, state } = await nodeKind.create(inputs, context);
  expect(id).toBe("w1");
  expect(specs).toEqual([
    { Role: "worker", Availability: "pause", Labels: { db: "true", ...context.labels } },
  ]);
  const read = await nodeKind.read("w1", { id, inputs, state }, context);
  expect(read?.inputs.availability).toBe("keep");
});
