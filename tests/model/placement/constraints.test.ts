import { describe, expect, test } from "vitest";
import {
  type Constraint,
  explainFit,
  findFit,
  isSpreadKey,
  meets,
  type NodeDescription,
  parseConstraint,
} from "../../../components/model/placement/constraints";

const node: NodeDescription = {
  id: "Abc123",
  hostname: "vm-0",
  role: "worker",
  address: "10.1.2.3",
  labels: { db: "True", Zone: "a" },
  engineLabels: { gpu: "yes" },
  platform: { os: "linux", architecture: "amd64" },
  resources: { cpus: 2, memoryBytes: 2 ** 30, generic: { "NVIDIA-GPU": 1 } },
};
const met = (text: string, of: NodeDescription = node) =>
  meets(parseConstraint(text) as Constraint, of);

describe("a constraint", () => {
  test.each([
    ["node.labels.db == true", true],
    ["node.labels.db==TRUE", true],
    ["NODE.LABELS.db != true", false],
    ["node.labels.DB == true", false],
    ["node.labels.nothing != x", true],
    ["node.labels.nothing == x", false],
    ["engine.labels.gpu == yes", true],
    ["node.id == abc123", true],
    ["node.hostname != vm-1", true],
    ["node.role == WORKER", true],
    ["node.role != manager", true],
    ["node.platform.os == linux", true],
    ["node.platform.arch == x86_64", true],
    ["node.platform.arch == amd64", false],
    ["node.ip == 10.1.2.3", true],
    ["node.ip == 10.1.0.0/16", true],
    ["node.ip != 10.1.0.0/16", false],
    ["node.ip == 10.1.0.0/99", false],
    ["node.ip != fe80::1", true],
  ])("%s", (text, expected) => expect(met(text)).toBe(expected));

  test("excludes nothing when the node is not known well enough", () => {
    const planned = { hostname: "vm-1", labels: {} };
    for (const text of ["node.id == x", "node.role == manager", "engine.labels.a == b"]) {
      expect(met(text, planned)).toBeUndefined();
      expect(findFit({ constraints: [text] }, [planned]).fitting).toHaveLength(1);
    }
  });

  test.each([
    ["node.labels.db = true", "node.labels.db == true"],
    ["node.labels.db", "node.labels.db == true"],
    ["role == manager", "node.role == manager"],
    ["labels.db == true", "node.labels.db == true"],
    ["db == true", "node.labels.db == true"],
    ["node.labels.db == 'a'", "without quotes"],
    ["node.labels.db ==", "is empty"],
    ["", 'needs "==" or "!="'],
  ])("that is malformed says what to write: %s", (text, hint) =>
    expect(JSON.stringify(parseConstraint(text))).toContain(JSON.stringify(hint).slice(1, -1)),
  );
});

describe("findFit", () => {
  const other = { ...node, hostname: "vm-1", labels: {}, availability: "drain" as const };

  test("names for each node what excluded it", () => {
    const found = findFit(
      { constraints: ["node.labels.db == true"], generic: { "NVIDIA-GPU": 2 } },
      [node, other],
    );
    expect(found.fitting).toEqual([]);
    expect(found.excluded.map(({ reasons }) => reasons)).toEqual([
      ["reserves 2 NVIDIA-GPU, the node has 1"],
      [
        "the node's availability is drain",
        'constraint "node.labels.db == true" is not met: node.labels.db is not set',
        "reserves 2 NVIDIA-GPU, the node has 1",
      ],
    ]);
    expect(explainFit(found)).toHaveLength(2);
  });

  test("compares platforms by either name of an architecture, and reservations", () => {
    const reported = { ...node, platform: { os: "linux", architecture: "x86_64" } };
    expect(findFit({ platforms: ["linux/arm64", "linux/amd64"] }, [reported]).fitting).toHaveLength(
      1,
    );
    expect(findFit({ platforms: ["linux/arm64"] }, [reported]).fitting).toHaveLength(0);
    expect(findFit({ cpus: 2, memoryBytes: 2 ** 30 }, [node]).fitting).toHaveLength(1);
    expect(findFit({ cpus: 2.5 }, [node]).fitting).toHaveLength(0);
    expect(findFit({ memoryBytes: 2 ** 30 + 1 }, [node]).fitting).toHaveLength(0);
    expect(findFit({ generic: { FPGA: 1 } }, [node]).fitting).toHaveLength(0);
  });

  test("joins nodes with the same reasons", () => {
    const many = Array.from({ length: 7 }, (_, n) => ({ hostname: `h${n}`, labels: {} }));
    expect(explainFit(findFit({ constraints: ["node.labels.a == 1"] }, many))).toEqual([
      'h0, h1, h2, h3 and 3 more: constraint "node.labels.a == 1" is not met: node.labels.a is not set',
    ]);
  });
});

test("spreads over facts of nodes only", () => {
  expect(isSpreadKey("node.labels.zone")).toBe(true);
  expect(isSpreadKey("node.role")).toBe(true);
  expect(isSpreadKey("zone")).toBe(false);
});
