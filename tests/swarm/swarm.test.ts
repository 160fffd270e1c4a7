import type * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import type { HostMaker } from "../../components/hosts/host";
import { Swarm } from "../../components/swarm/swarm";
import { localEnvironment, localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainHost, plainMaker, plainSwarm } from "../swarm-of-hosts";

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
  test("creates exactly these, and a second one clashes with none", async () => {
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

  test("init and join have no triggers, because those always replace", async () => {
    plainSwarm("one", recorder.opts);
    await recorder.settle();
    for (const name of ["one-init", "one-join-one-w"]) {
      expect(recorder.inputs(command, name)).not.toHaveProperty("triggers");
    }
  });

  test("everything on the swarm is recreated with it", async () => {
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

describe("machines that outlive the stack", () => {
  const deletes = (name: string) => recorder.inputs(command, name).delete;
  const goes = async (type: string, name: string) =>
    names(recorder.declaration(type, name).opts.deletedWith);

  test("leave the swarm by a delete script; what is on a swarm that they keep is deleted individually", async () => {
    const kinds = { manager: "outlives", worker: "outlives" } as const;
    const swarm = plainSwarm("one", recorder.opts, kinds);
    await recorder.settle();
    expect(swarm.on(swarm)).not.toHaveProperty("deletedWith");
    expect(await goes("swarm:index:Cluster", "one-cluster")).toEqual([]);
    for (const name of ["one-init", "one-join-one-w"]) {
      expect(deletes(name)).toContain("swarm leave");
      // The new one first, and the old one's delete would take it out of the swarm again.
      expect(recorder.declaration(command, name).opts.deleteBeforeReplace).toBe(true);
    }
    expect(recorder.inputs(command, "one-join-one-w").triggers).toEqual(["id of one-w"]);
    expect(recorder.inputs(node, "one-node-one-w").node).toBe("one-w");
    const { replaceWith } = recorder.declaration(node, "one-node-one-w").opts;
    expect(await names(replaceWith)).toEqual(["one-cluster", "one-join-one-w"]);
  });

  test("decide for themselves only, where the managers go with the stack", async () => {
    const swarm = plainSwarm("one", recorder.opts, { worker: "outlives" });
    await recorder.settle();
    expect(await names(swarm.on(swarm).deletedWith)).toEqual(["one-cluster"]);
    expect(await goes(node, "one-node-one-m")).toEqual(["one-cluster"]);
    expect(await goes(node, "one-node-one-w")).toEqual([]);
    expect(deletes("one-init")).toBeUndefined();
    expect(deletes("one-join-one-w")).toContain("swarm leave");
    const [manager, worker] = swarm.hosts;
    const onNode = (host = manager) => host && swarm.onNode(swarm, host);
    expect(await names(onNode(manager)?.deletedWith)).toEqual(["one-cluster"]);
    expect(await names(onNode(manager)?.replaceWith)).toEqual(["one-cluster", "one-m"]);
    expect(await names(onNode(worker)?.deletedWith)).toEqual([]);
    expect(await names(onNode(worker)?.replaceWith)).toEqual(["one-cluster"]);
  });

  test("keep the swarm when one is a manager, and with it what a machine of the stack holds", async () => {
    const swarm = plainSwarm("one", recorder.opts, { manager: "outlives" });
    await recorder.settle();
    expect(swarm.on(swarm)).not.toHaveProperty("deletedWith");
    expect(await goes(node, "one-node-one-w")).toEqual([]);
    expect(deletes("one-join-one-w")).toBeUndefined();
    expect(await goes(command, "one-join-one-w")).toEqual(["one-w"]);
  });
});

test("machines that all go with the stack take everything with them", async () => {
  const swarm = plainSwarm("one", recorder.opts);
  await recorder.settle();
  expect(await names(swarm.on(swarm).deletedWith)).toEqual(["one-cluster"]);
  for (const name of ["one-init", "one-join-one-w"]) {
    expect(recorder.inputs(command, name)).not.toHaveProperty("delete");
    expect(recorder.declaration(command, name).opts).not.toHaveProperty("deleteBeforeReplace");
  }
});

describe("managers that follow", () => {
  const three = (follows: boolean) => {
    const settings = { ...localEnvironment("three").swarm, firstManager: "b" };
    const after: { [name: string]: pulumi.Resource | undefined } = {};
    const hosts = ["a", "b", "c", "w"].map((name, index): HostMaker => {
      const role = name === "w" ? "worker" : "manager";
      const host = localHost(name, { role });
      return {
        ...plainMaker(host, `10.64.1.${index}`, recorder.opts),
        follows: follows && (name === "a" || name === "c"),
        make(node) {
          after[name] = node;
          return plainHost(host, `10.64.1.${index}`, recorder.opts);
        },
      };
    });
    return { swarm: new Swarm("three", { hosts, settings }, recorder.opts), after };
  };

  test("are created in turn, each after the node of the manager before it", async () => {
    const { swarm, after } = three(true);
    await recorder.settle();
    expect(await names(after.a)).toEqual(["three-node-b"]);
    expect(await names(after.c)).toEqual(["three-node-a"]);
    expect([after.b, after.w]).toEqual([undefined, undefined]);
    expect(swarm.hosts.map(({ name }) => name)).toEqual(["a", "b", "c", "w"]);
  });

  test("are known to init, joins and the provider, none of which waits for them", async () => {
    three(true);
    await recorder.settle();
    expect(recorder.inputs(command, "three-init").stdin).toBe("10.64.1.1\n10.64.1.0 10.64.1.2\n");
    expect(recorder.inputs(command, "three-join-w").stdin).toContain(
      "\n10.64.1.0 10.64.1.1 10.64.1.2\n",
    );
    const provider = "pulumi:providers:swarm";
    const endpoints = JSON.parse(String(recorder.inputs(provider, "three-provider").endpoints));
    expect(endpoints.map(({ name }: { name: string }) => name)).toEqual(["a", "b", "c", "w"]);
    const waits = (type: string, name: string) =>
      names(recorder.declaration(type, name).opts.dependsOn);
    expect(await waits(provider, "three-provider")).toEqual(["b-ready", "w-ready"]);
    expect(await waits(command, "three-init")).toEqual(["b-ready"]);
  });

  test("are waited for when they are created in parallel", async () => {
    const { after } = three(false);
    await recorder.settle();
    expect(after).toEqual({ a: undefined, b: undefined, c: undefined, w: undefined });
    const { dependsOn } = recorder.declaration(command, "three-init").opts;
    expect(await names(dependsOn)).toEqual(["a-ready", "b-ready", "c-ready"]);
  });
});

test("managers join one after the other, workers at the same time", async () => {
  const settings = { ...localEnvironment("three").swarm, firstManager: "b" };
  const hosts = ["a", "b", "c"].map((name) =>
    plainMaker(localHost(name, { role: "manager" }), "10.64.1.1", recorder.opts),
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

test("fails on a first manager that is not a host, and names the hosts", () => {
  const settings = { ...localEnvironment("x").swarm, firstManager: "nobody" };
  const hosts = [plainMaker(localHost("a", { role: "manager" }), "10.64.1.1", recorder.opts)];
  expect(() => new Swarm("x", { hosts, settings }, recorder.opts)).toThrow(
    "swarmyard:swarm.firstManager is nobody, which is not a host; hosts are a.",
  );
});
