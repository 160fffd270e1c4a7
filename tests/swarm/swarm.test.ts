import type * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { Swarm } from "../../components/swarm/swarm";
import { localEnvironment, localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainHost, plainSwarm } from "../swarm-of-hosts";

const command = "command:remote:Command";
const node = "swarm:index:Node";

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder();
});

/** Names of the resources that an option lists. */
async function names(value: unknown): Promise<string[]> {
  const list = (Array.isArray(value) ? value : value === undefined ? [] : [value]) as unknown[];
  const urns = await Promise.all(list.map((one) => resolved((one as pulumi.Resource).urn)));
  return urns.map((urn) => urn.split("::").at(-1) ?? "").sort();
}

describe("a swarm of a manager and a worker", () => {
  test("makes exactly these, and a second one clashes with none", async () => {
    plainSwarm("one", recorder.opts);
    plainSwarm("two", recorder.opts);
    await recorder.settle();
    const ours = recorder.list().filter((name) => / one/.test(name) && !name.startsWith("test:"));
    expect(ours).toEqual([
      `${command} one-init`,
      `${command} one-join-one-w`,
      "pulumi:providers:swarm one-provider",
      "swarm:index:Cluster one-cluster",
      "swarm:index:Key one-names",
      `${node} one-node-one-m`,
      `${node} one-node-one-w`,
      "swarm:swarm:Swarm one",
    ]);
  });

  test("nodes carry role and labels", async () => {
    plainSwarm("one", recorder.opts);
    await recorder.settle();
    expect(recorder.inputs(node, "one-node-one-m")).toMatchObject({
      node: "one-m",
      role: "manager",
      labels: { db: "true" },
      drainTimeout: "1m",
    });
    expect(recorder.inputs(node, "one-node-one-w")).toMatchObject({
      node: "one-w",
      role: "worker",
      labels: { agent: "true" },
    });
  });

  test("the token reaches the join on standard input, as a secret, and no command's text", async () => {
    plainSwarm("one", recorder.opts);
    await recorder.settle();
    expect(recorder.secrets(command, "one-join-one-w")).toContain("stdin");
    const { stdin, ...others } = recorder.inputs(command, "one-join-one-w");
    expect(stdin).toContain("\nworker-token-of-one-cluster\n");
    expect(JSON.stringify(others)).not.toContain("token-of");
  });

  test("what inits or joins has no triggers, for they always replace", async () => {
    plainSwarm("one", recorder.opts);
    await recorder.settle();
    for (const name of ["one-init", "one-join-one-w"]) {
      expect(recorder.inputs(command, name)).not.toHaveProperty("triggers");
    }
  });

  test("everything on the swarm is made anew with it", async () => {
    const swarm = plainSwarm("one", recorder.opts);
    await recorder.settle();
    const options = swarm.on(swarm);
    expect(await names(options.replaceWith)).toEqual(["one-cluster"]);
    expect(await names(options.deletedWith)).toEqual(["one-cluster"]);
    expect(await names(options.dependsOn)).toEqual(["one-node-one-m", "one-node-one-w"]);
  });

  test("a node waits for its machine and its join, and is replaced with them", async () => {
    plainSwarm("one", recorder.opts);
    await recorder.settle();
    const { opts } = recorder.declaration(node, "one-node-one-w");
    expect(await names(opts.dependsOn)).toEqual(
      expect.arrayContaining(["one-w", "one-w-ready", "one-join-one-w", "one-node-one-m"]),
    );
    expect(await names(opts.replaceWith)).toEqual(["one-cluster", "one-join-one-w", "one-w"]);
  });
});

test("machines that outlive the stack are left by a delete script, not with the cluster", async () => {
  const swarm = plainSwarm("one", recorder.opts, false);
  await recorder.settle();
  expect(swarm.on(swarm).deletedWith).toBeUndefined();
  expect(recorder.inputs(command, "one-join-one-w").delete).toContain("swarm leave");
  const ephemeral = plainSwarm("two", recorder.opts);
  await recorder.settle();
  expect(ephemeral.on(ephemeral).deletedWith).toBeDefined();
  expect(recorder.inputs(command, "two-join-two-w")).not.toHaveProperty("delete");
});

test("managers join one after the other, workers at the same time", async () => {
  const settings = { ...localEnvironment("three").swarm, firstManager: "b" };
  const hosts = ["a", "b", "c"].map((name) =>
    plainHost(localHost(name, { role: "manager" }), "10.64.1.1", recorder.opts),
  );
  new Swarm("three", { hosts, settings }, recorder.opts);
  await recorder.settle();
  const before = async (name: string) =>
    (await names(recorder.declaration(command, name).opts.dependsOn)).filter((one) =>
      one.startsWith("three-node"),
    );
  expect(await before("three-join-a")).toEqual(["three-node-b"]);
  expect(await before("three-join-c")).toEqual(["three-node-a"]);
});

test("fails on a first manager that is no host, and names the hosts", () => {
  const settings = { ...localEnvironment("x").swarm, firstManager: "nobody" };
  const hosts = [plainHost(localHost("a", { role: "manager" }), "10.64.1.1", recorder.opts)];
  expect(() => new Swarm("x", { hosts, settings }, recorder.opts)).toThrow(
    "swarmyard:swarm.firstManager is nobody, which is no host; hosts are a.",
  );
});
