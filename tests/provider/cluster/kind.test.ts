import { beforeEach, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../components/model/values";
import { clusterKind } from "../../../components/provider/cluster/kind";
import { rotationKind } from "../../../components/provider/cluster/rotation";
import { ticketKind } from "../../../components/provider/cluster/ticket";
import type { Stored } from "../../../components/provider/kind";
import { StandIn } from "./stand-in";

let swarm: StandIn;
beforeEach(() => {
  swarm = new StandIn();
});

type Inputs = Parameters<typeof clusterKind.create>[0];

const firstManager = "m0";
const fixed = { addressPools: ["10.200.0.0/16"], addressPoolMask: 24, dataPathPort: 4789 };
const identity = {
  clusterId: "s1",
  createdAt: "then",
  managerToken: "M1",
  workerToken: "W1",
  tokensHash: "b909e8df6f87afb6",
  fixed,
};

const made = async (inputs: Inputs): Promise<Stored<Inputs>> => {
  const { id, state } = await clusterKind.create(inputs, swarm.context);
  return { id, inputs, state };
};

describe("a Cluster without settings", () => {
  test("has id, tokens and what the swarm was made with, and changes nothing", async () => {
    const { id, state } = await made({ firstManager });
    expect({ id, state }).toEqual({ id: "s1", state: { firstManager, ...identity } });
    expect(swarm.did).toEqual([]);
    const secrets = ["managerToken", "workerToken", "unlockKey", "previousUnlockKey"];
    expect(clusterKind.secrets).toEqual(secrets);
  });

  test("is read with the tokens of now; another swarm is not it", async () => {
    const old = { id: "s1", inputs: { firstManager }, state: {} };
    const read = await clusterKind.read("s1", old, swarm.context);
    expect(read).toEqual({
      id: "s1",
      inputs: { firstManager },
      state: { firstManager, ...identity },
    });
    expect(await clusterKind.read("another", old, swarm.context)).toBeUndefined();
  });
});

const autolocked =
  '{"Orchestration":{"TaskHistoryRetentionLimit":5},"CAConfig":{"NodeCertExpiry":7776000000000000},"EncryptionConfig":{"AutoLockManagers":true}}';

describe("autolock", () => {
  const inputs = { firstManager, autolock: true };

  test("is switched on with the whole spec at its version, and the key is kept", async () => {
    const { state } = await made(inputs);
    expect(swarm.did).toEqual([`update 7 ${autolocked}`]);
    expect(state).toEqual({ ...inputs, ...identity, unlockKey: "SWMKEY-1-first" });
  });

  test("a write that somebody else was quicker than is written again", async () => {
    swarm.clashes = 2;
    await made(inputs);
    expect(swarm.did).toEqual([`update 7 ${autolocked}`]);
  });

  test("another stamp is another key, and the one before is kept for a manager that was down", async () => {
    const old = await made({ ...inputs, rotateUnlockKey: "a" });
    const news = { ...inputs, rotateUnlockKey: "b" };
    expect(clusterKind.plan(news, old).unlockKey).toBe(UNKNOWN);
    const { state } = await clusterKind.update(old, news, swarm.context);
    expect(swarm.did[1]).toBe(`update 8 ${autolocked} rotateManagerUnlockKey`);
    expect(state.unlockKey).toBe("SWMKEY-1-second");
    expect(state.previousUnlockKey).toBe("SWMKEY-1-first");
    const later = { ...news, taskHistory: 1 };
    const next = await clusterKind.update({ id: "s1", inputs: news, state }, later, swarm.context);
    expect(next.state.previousUnlockKey).toBe("SWMKEY-1-first");
  });

  test("any other change keeps the key, in the plan too", async () => {
    const old = await made(inputs);
    const news = { ...inputs, taskHistory: 1 };
    expect(clusterKind.plan(news, old).unlockKey).toBe("SWMKEY-1-first");
    const { state } = await clusterKind.update(old, news, swarm.context);
    expect(swarm.did[1]).not.toContain("rotate");
    expect(state.unlockKey).toBe("SWMKEY-1-first");
  });

  test("that is taken out of the settings is switched off, and the key goes", async () => {
    const old = await made(inputs);
    const { state } = await clusterKind.update(old, { firstManager }, swarm.context);
    expect(swarm.live.Spec.EncryptionConfig).toEqual({ AutoLockManagers: false });
    expect(state).toEqual({ firstManager, ...identity });
    expect(clusterKind.plan({ firstManager }, old)).not.toHaveProperty("unlockKey");
  });

  test("that somebody switched off is drift", async () => {
    const old = await made(inputs);
    swarm.live = { ...swarm.live, Spec: { EncryptionConfig: { AutoLockManagers: false } } };
    const read = await clusterKind.read("s1", old, swarm.context);
    expect(read?.inputs).toEqual({ firstManager, autolock: false });
    expect(read?.state).not.toHaveProperty("unlockKey");
  });
});

describe("what a swarm was made with", () => {
  test("is compared in a preview, as far as the state knows it", async () => {
    const old = await made({ firstManager });
    const news = { firstManager, dataPathPort: 7789 };
    expect(() => clusterKind.diff(old, news)).toThrow(
      "swarmyard:swarm.dataPathPort is 7789, but the swarm was made with 4789",
    );
    const unknown = { ...old, state: {} };
    expect(clusterKind.diff(unknown, news).map(({ path }) => path)).toEqual(["dataPathPort"]);
  });

  test("is compared with the swarm itself before anything is written", async () => {
    const old = { id: "s1", inputs: { firstManager }, state: {} };
    const news = { firstManager, autolock: true, addressPools: ["10.210.0.0/16"] };
    await expect(clusterKind.update(old, news, swarm.context)).rejects.toThrow(
      "swarmyard:swarm.addressPools is [10.210.0.0/16], but the swarm was made with [10.200.0.0/16]",
    );
    expect(swarm.did).toEqual([]);
  });
});

describe("the network of published ports", () => {
  const ingress = { subnet: "10.202.0.0/16", mtu: 1400 };
  const body = {
    Name: "ingress",
    CheckDuplicate: true,
    Driver: "overlay",
    Attachable: false,
    Internal: false,
    Ingress: true,
    Options: { "com.docker.network.driver.mtu": "1400" },
    Labels: {},
    IPAM: { Driver: "default", Config: [{ Subnet: "10.202.0.0/16" }] },
  };

  test("is recreated when it is not as wanted, and left alone when it is", async () => {
    const old = await made({ firstManager, ingress });
    expect(swarm.did).toEqual(["remove i1", `create ${JSON.stringify(body)}`]);
    await clusterKind.update(old, { ...old.inputs }, swarm.context);
    expect(swarm.did).toHaveLength(2);
  });

  test("that somebody removed is created", async () => {
    swarm.networks = [];
    await made({ firstManager, ingress });
    expect(swarm.did).toEqual([`create ${JSON.stringify(body)}`]);
  });

  test("stays while services publish through it, and the services are named", async () => {
    swarm.ports = [
      { name: "shop_web" },
      { name: "shop_api", mode: "ingress" },
      { name: "db", mode: "host" },
    ];
    await expect(made({ firstManager, ingress })).rejects.toThrow(
      "the network of published ports (subnet 10.200.0.0/24) cannot get subnet 10.202.0.0/16, mtu 1400 while services publish ports through it: shop_api, shop_web.",
    );
    expect(swarm.did).toEqual([]);
  });

  test("drift is shown for what is stated", async () => {
    const old = {
      id: "s1",
      inputs: { firstManager, ingress: { subnet: "10.202.0.0/16" } },
      state: {},
    };
    const read = await clusterKind.read("s1", old, swarm.context);
    expect(read?.inputs.ingress).toEqual({ subnet: "10.200.0.0/24" });
  });
});

describe("a Ticket", () => {
  const inputs = { host: "w1", role: "worker" } as const;

  test("has the token of now and the managers that answer", async () => {
    expect(await ticketKind.create(inputs, swarm.context)).toEqual({
      id: "s1/w1",
      state: { ...inputs, joinToken: "W1", managers: "10.0.0.1:7777" },
    });
    const manager = await ticketKind.create({ host: "m1", role: "manager" }, swarm.context);
    expect(manager.state.joinToken).toBe("M1");
    expect(ticketKind.secrets).toEqual(["joinToken"]);
  });

  test("stays as it is, except for another machine", async () => {
    const old = { id: "s1/w1", inputs, state: { ...inputs, joinToken: "W0", managers: "x" } };
    expect((await ticketKind.read("s1/w1", old, swarm.context))?.state).toEqual(old.state);
    const promoted = { ...inputs, role: "manager" } as const;
    const replaces = (news: Parameters<typeof ticketKind.diff>[1]) =>
      ticketKind.diff(old, news).map(({ path, replace }) => `${path} ${replace}`);
    expect(replaces(promoted)).toEqual(["role false"]);
    expect(replaces({ ...inputs, machine: "b" })).toEqual(["machine true"]);
  });
});

describe("a TokenRotation", () => {
  const rotated = (version: number) =>
    `update ${version} ${JSON.stringify(new StandIn().live.Spec)} rotateManagerToken rotateWorkerToken`;

  test("gives new tokens when it is created, and when a node joined", async () => {
    const { id, state } = await rotationKind.create({ nodes: ["a"] }, swarm.context);
    expect(swarm.did).toEqual([rotated(7)]);
    expect(swarm.live.JoinTokens).toEqual({ Manager: "M2", Worker: "W2" });
    const old = { id, inputs: { nodes: ["a"] }, state };
    await rotationKind.update(old, { nodes: ["a", "b"] }, swarm.context);
    expect(swarm.did).toEqual([rotated(7), rotated(8)]);
  });

  test("gives none when a node left", async () => {
    const old = { id: "s1", inputs: { nodes: ["a", "b"] }, state: {} };
    await rotationKind.update(old, { nodes: ["b"] }, swarm.context);
    expect(swarm.did).toEqual([]);
  });
});
