import { describe, expect, test } from "vitest";
import { coresOf } from "../../components/config/environment/instance-types";
import type { PlainMap } from "../../components/model/merge";
import { brief, type Change, readChanged } from "./yard";

const machine = { cpus: 4, memoryBytes: 8 * 2 ** 30, architecture: "x86_64" };
const web = (resources: PlainMap, more: PlainMap = {}): Change => ({
  spec: { services: { web: { resources, ...more } } },
  world: { machine },
});
const problems = (change: Change) => readChanged(change).problems.map(brief);
const all = "yard-test-platform-0, yard-test-db-0, yard-test-agent-0, yard-test-agent-1";
const place = "platforms/app: services.web";

describe("what a service reserves", () => {
  test("is refused when no node has so many cores", () => {
    expect(problems(web({ reservations: { cpus: 6 } }))).toEqual([
      [
        `${place}.resources.reservations.cpus`,
        "6 cores of service web, which no node meets",
        `what a node has: ${all}: reserves 6 cores, the node has 4`,
        "a smaller reservation, or larger machines",
      ],
    ]);
    expect(problems(web({ reservations: { cpus: 4 } }))).toEqual([]);
  });

  test("is refused when no node has so much memory", () => {
    expect(problems(web({ reservations: { memory: "9GiB" } }))).toEqual([
      [
        `${place}.resources.reservations.memory`,
        "9GiB of memory of service web, which no node meets",
        `what a node has: ${all}: reserves 9 GiB of memory, the node has 8 GiB`,
        "a smaller reservation, or larger machines",
      ],
    ]);
  });

  test("is refused for more replicas than all nodes have room for", () => {
    expect(problems(web({ reservations: { memory: "5GiB" } }, { replicas: 5 }))).toEqual([
      [
        `${place}.replicas`,
        `5 replicas of service web, of which 4 have room on ${all}`,
        "at most 4: reservations",
        "`replicas: 4`",
      ],
    ]);
    expect(problems(web({ reservations: { cpus: 2 } }, { replicas: 8 }))).toEqual([]);
    expect(problems(web({ reservations: { cpus: 0.1 } }, { replicas: 160 }))).toEqual([]);
  });

  test("is taken where nobody knows the machines", () => {
    expect(problems({ ...web({ reservations: { cpus: 600 } }), world: {} })).toEqual([]);
  });
});

describe("a limit of cores", () => {
  test("is refused when it is above what any node has: Docker engines refuse it", () => {
    expect(problems(web({ limits: { cpus: 5 } }))).toEqual([
      [
        `${place}.resources.limits.cpus`,
        "5 cores for service web, while yard-test-platform-0 and 3 more nodes have at most 4: Docker engines refuse such a limit",
        "up to 4, or nodes that have more",
        "`cpus: 4`",
      ],
    ]);
    expect(problems(web({ limits: { cpus: 4 } }))).toEqual([]);
  });

  const onAws = (instanceType: string): Change => ({
    exact: {
      hosts: {
        groups: {
          platform: {
            role: "manager",
            labels: ["platform"],
            kind: "aws",
            instanceType: "t3.large",
          },
          db: { labels: ["db"], kind: "aws", instanceType },
        },
      },
      aws: { region: "eu-west-1", adminCidrs: ["203.0.113.0/24"] },
      share: { kind: "efs" },
      registry: { kind: "ecr" },
    },
    spec: { services: { web: { resources: { limits: { cpus: 4 } } } } },
  });

  test("is warned of when only some machines on AWS have it", () => {
    const { problems, warnings } = readChanged(onAws("m7i.xlarge"));
    expect(problems.map(brief)).toEqual([]);
    expect(warnings.map(brief)).toContainEqual([
      `${place}.resources.limits.cpus`,
      "4 cores for service web, while yard-test-platform-0 has at most 2: Docker engines refuse such a limit",
      "up to 2, or nodes that have more",
      "`cpus: 2`",
    ]);
    expect(readChanged(onAws("m7i.large")).problems.map(({ path }) => path)).toEqual([
      `${place}.resources.limits.cpus`,
    ]);
  });

  test("of AWS follows from the size of the instance type", () => {
    expect(
      ["m7i.large", "c7g.xlarge", "g5.12xlarge", "t3.medium", "m7i.metal"].map(coresOf),
    ).toEqual([2, 4, 48, undefined, undefined]);
  });
});

test("an image for another architecture than that of all nodes is refused", () => {
  expect(problems(web({}, { placement: { platforms: ["linux/arm64"] } }))).toEqual([
    [
      `${place}.placement.platforms`,
      "linux/arm64 of service web, which no node meets",
      `what a node has: ${all}: the image is for linux/arm64, the node is linux/x86_64`,
      "`linux/amd64`, or whatever the nodes are",
    ],
  ]);
  expect(problems(web({}, { placement: { platforms: ["linux/amd64"] } }))).toEqual([]);
  expect(
    problems(web({}, { placement: { constraints: ["node.platform.arch == aarch64"] } }))[0]?.[1],
  ).toBe('"node.platform.arch == aarch64" of service web, which no node meets');
});
