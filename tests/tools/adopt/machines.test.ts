import { expect, test } from "vitest";
import { fresh, machinesOf } from "../../../tools/adopt/machines";
import { nodeOf } from "./a-swarm";

const login = { user: "root", port: 22 };

test("nodes with the same role, labels and resources are a group; the leader comes first", () => {
  const nodes = [
    nodeOf("w2", "worker", { gpu: "true" }),
    nodeOf("w10", "worker", { gpu: "true", "swarmyard.stack": "x/y" }),
    nodeOf("m1", "manager"),
    nodeOf("Lead.example.org", "manager", {}, { ManagerStatus: { Leader: true } }),
    nodeOf("db", "worker", { zone: "a", db: "true" }),
  ];
  const reached = new Map(
    nodes.map(({ ID, Description }) => [
      ID,
      { address: `${Description.Hostname}.net`, port: 22, user: "root", hostKey: "ssh-ed25519 A" },
    ]),
  );
  const { groups, firstManager, notes } = machinesOf(nodes, reached, login);
  expect(firstManager).toBe("Lead.example.org");
  expect(notes).toEqual([]);
  const hostKey = "ssh-ed25519 A";
  expect(groups).toEqual({
    managers: {
      role: "manager",
      machines: {
        "lead-example-org": {
          ...{ address: "Lead.example.org.net", hostKey, privateAddress: "10.9.0.16" },
          nodeName: "Lead.example.org",
        },
        m1: { address: "m1.net", hostKey, privateAddress: "10.9.0.2" },
      },
    },
    "workers-db-a": {
      labels: { db: "true", zone: "a" },
      machines: { db: { address: "db.net", hostKey, privateAddress: "10.9.0.2" } },
    },
    "workers-gpu": {
      labels: { gpu: "true" },
      machines: {
        w10: { address: "w10.net", hostKey, privateAddress: "10.9.0.3" },
        w2: { address: "w2.net", hostKey, privateAddress: "10.9.0.2" },
      },
    },
  });
});

test("a machine that was not connected to has its address in the swarm, and a note", () => {
  const { groups, notes } = machinesOf([nodeOf("w1", "worker")], new Map(), {
    user: "admin",
    port: 2222,
  });
  expect(groups).toEqual({
    workers: { user: "admin", port: 2222, machines: { w1: { address: "10.9.0.2" } } },
  });
  expect(notes).toEqual([
    "w1: its address 10.9.0.2 is what the swarm says; correct it if this machine reaches it elsewhere, or name it: npm run adopt -- … <address>",
  ]);
});

test("a manager that knows itself as 0.0.0.0 has the address that the others use", () => {
  const node = nodeOf(
    "m1",
    "manager",
    {},
    {
      Status: { State: "ready", Addr: "0.0.0.0" },
      ManagerStatus: { Leader: true, Addr: "10.7.0.1:2377" },
    },
  );
  const { groups } = machinesOf([node], new Map(), login);
  expect(groups.managers?.machines.m1?.address).toBe("10.7.0.1");
});

test("a label that a file cannot have, a node that is down and resources become notes or settings", () => {
  const node = nodeOf(
    "w1",
    "worker",
    { "my key": "1", ok: "x" },
    {
      Status: { State: "down", Addr: "10.9.0.2" },
      Description: {
        Hostname: "w1",
        Resources: {
          GenericResources: [
            { NamedResourceSpec: { Kind: "NVIDIA-GPU" } },
            { NamedResourceSpec: { Kind: "NVIDIA-GPU" } },
            { DiscreteResourceSpec: { Kind: "ssd", Value: 3 } },
          ],
        },
      },
    },
  );
  const { groups, notes } = machinesOf([node], new Map(), login);
  expect(groups["workers-x"]).toMatchObject({
    labels: { ok: "x" },
    resources: { "NVIDIA-GPU": 2, ssd: 3 },
  });
  expect(notes.slice(0, 2)).toEqual([
    "w1: its label my key has a name that an environment file cannot have; up would remove it",
    "w1 is down: start it, or remove its entry with docker node rm id-w1, before up",
  ]);
});

test("a name that is taken gets a number", () => {
  expect(fresh("a", [])).toBe("a");
  expect(fresh("a", ["a", "a-2"])).toBe("a-3");
});
