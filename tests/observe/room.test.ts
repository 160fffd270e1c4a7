import { describe, expect, test } from "vitest";
import type { LiveTask } from "../../components/engine/live";
import { lackingRoom, readableBytes } from "../../components/model/placement/room";
import type { LiveService } from "../../components/model/service/wire";
import { holdingsByNode } from "../../components/observe/holdings";

const gib = 2 ** 30;

function service(name: string, cpus: number, memory: number, port?: number): LiveService {
  const Ports = [{ Protocol: "tcp", PublishMode: "host", PublishedPort: port }];
  return {
    ID: `id-${name}`,
    Version: { Index: 1 },
    Spec: {
      Name: name,
      TaskTemplate: {
        Resources: {
          Reservations: {
            NanoCPUs: cpus * 1e9,
            MemoryBytes: memory,
            GenericResources: [{ DiscreteResourceSpec: { Kind: "GPU", Value: 1 } }],
          },
        },
      },
      EndpointSpec: { Ports: port === undefined ? [] : Ports },
    },
  };
}

const task = (of: LiveService, NodeID: string): LiveTask => ({
  ID: "t",
  ServiceID: of.ID,
  NodeID,
  Spec: of.Spec.TaskTemplate,
});

describe("what services reserve on a node", () => {
  const [web, db] = [service("web", 0.5, gib, 80), service("db", 1, 4 * gib)];
  const tasks = [task(web, "n1"), task(web, "n1"), task(db, "n1"), task(db, "n2"), task(db, "")];
  const holdings = holdingsByNode(tasks, [web, db]);

  test("is the sum over its tasks, by node; a task without a node holds nothing", () => {
    expect(holdings.get("n1")).toEqual([
      { service: "web", cpus: 1, memoryBytes: 2 * gib, generic: { GPU: 2 }, ports: ["80/tcp"] },
      { service: "db", cpus: 1, memoryBytes: 4 * gib, generic: { GPU: 1 }, ports: [] },
    ]);
    expect(holdings.get("n2")).toHaveLength(1);
    expect(holdings.size).toBe(2);
  });

  test("explains why there is no room", () => {
    const room = { cpus: 2, memoryBytes: 8 * gib, generic: { GPU: 4 } };
    const reserve = { cpus: 0.25, memoryBytes: 3 * gib, generic: { GPU: 1 }, ports: ["80/tcp"] };
    expect(lackingRoom(reserve, room, holdings.get("n1"))).toEqual([
      "reserves 0.25 cores, the node has 2 of which 0 free (web holds 1, db holds 1)",
      "reserves 3 GiB of memory, the node has 8 GiB of which 2 GiB free (db holds 4 GiB, web holds 2 GiB)",
      "its port 80/tcp is taken by web",
    ]);
    expect(lackingRoom({ cpus: 3 }, room)).toEqual(["reserves 3 cores, the node has 2"]);
    expect(lackingRoom({ ...reserve, ports: [] }, room)).toEqual([]);
    expect(lackingRoom({ cpus: 99 }, undefined)).toEqual([]);
  });

  test("allows for sums of cores that are not exact", () => {
    const held = [0.1, 0.2].map((cpus) => ({ ...holdings.get("n2")?.[0], cpus }) as never);
    expect(lackingRoom({ cpus: 0.7 }, { cpus: 1 }, held)).toEqual([]);
  });
});

test("writes bytes as a person does", () => {
  expect([0, 900, 1536, 32 * 2 ** 20, 900 * gib].map(readableBytes)).toEqual([
    "0 bytes",
    "900 bytes",
    "1.5 KiB",
    "32 MiB",
    "900 GiB",
  ]);
});
