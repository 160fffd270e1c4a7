import { describe, expect, test } from "vitest";
import { isPinned, parseImage, pinned } from "../../../components/model/image";
import { propertyPath } from "../../../components/model/paths";
import { normalise } from "../../../components/model/service/normalise";
import { serviceProblems } from "../../../components/model/service/problems";
import { UNKNOWN } from "../../../components/model/values";
import { everyField } from "./every-field";

const service = { name: "web", image: "redis:7" };
const problems = (extra: object) =>
  serviceProblems({ ...service, ...extra }).map(
    ({ keys, found, allowed, fix }) => `${propertyPath(keys)} ${found}; ${allowed}; ${fix}`,
  );

test("finds nothing wrong with a service that sets every field, nor with unknown values", () => {
  expect(serviceProblems(everyField)).toEqual([]);
  const unknown = Object.keys(everyField).map((key) => [key, UNKNOWN]);
  expect(serviceProblems(Object.fromEntries(unknown))).toEqual([]);
});

test("reports all problems at once", () => {
  const found = serviceProblems({ image: "Redis", replicas: "2", colour: 1, env: { A: 1 } });
  expect(found.map(({ keys }) => propertyPath(keys)).sort()).toEqual([
    "colour",
    "env.A",
    "image",
    "name",
    "replicas",
  ]);
});

test("takes a rollback that goes back when it fails, as Docker does", () => {
  const policy = { rollback: { failureAction: "rollback" } };
  expect(problems(policy)).toEqual([]);
  expect(normalise({ ...service, ...policy })).toMatchObject(policy);
});

describe("a wrong field is named with its fix", () => {
  test.each([
    [{ name: "-a" }, "name ", "up to 63 letters"],
    [{ name: "a".repeat(64) }, "name ", "up to 63 letters"],
    [{ image: "https://reg/a:1" }, "image ", "; reg/a:1"],
    [{ image: "reg.io/App:Main" }, "image ", "; reg.io/app:Main"],
    [{ image: "a@sha256:12" }, "image ", "64 hex digits"],
    [{ stopGracePeriod: "10" }, "stopGracePeriod ", "such as `30s`"],
    [{ healthcheck: { interval: "1us" } }, "healthcheck.interval ", "shortest is 1ms"],
    [{ healthcheck: { test: ["curl"] } }, "healthcheck.test ", '["CMD-SHELL", "..."]'],
    [{ resources: { limits: { memory: "1KiB" } } }, "resources.limits.memory ", "4MiB"],
    [{ resources: { limits: { cpus: 0.0005 } } }, "resources.limits.cpus ", "at least 0.001"],
    [{ placement: { constraints: ["node.labels.db=true"] } }, "placement.constraints[0] ", "=="],
    [{ placement: { spread: ["zone"] } }, "placement.spread[0] ", "node.labels.<name>"],
    [{ ports: [{ target: 70000 }] }, "ports[0].target ", "to 65535"],
    [
      {
        ports: [
          { target: 1, published: 80 },
          { target: 2, published: 80, mode: "host" },
        ],
      },
      "ports[1].published ",
      "ports[0] publishes too",
    ],
    [{ endpointMode: "dnsrr", ports: [{ target: 1 }] }, "ports[0].mode ", "`mode: host`"],
    [{ mode: "global", replicas: 2 }, "replicas ", "leave it out"],
    [{ mode: "replicated-job", update: {} }, "update ", "leave it out"],
    [{ maxConcurrent: 2 }, "maxConcurrent ", "replicated-job"],
    [{ rollback: { failureAction: "stop" } }, "rollback.failureAction ", "continue, rollback"],
    [{ mounts: { "/a": { type: "bind", source: "a" } } }, 'mounts["/a"].source ', "absolute path"],
    [{ mounts: { "/a": { type: "bind" } } }, 'mounts["/a"].source ', "absolute path"],
    [{ mounts: { a: { type: "volume" } } }, "mounts.a ", "absolute path"],
    [{ mounts: { "/a": { type: "volume", bind: {} } } }, 'mounts["/a"].bind ', "type volume"],
    [{ ulimits: { nofile: { soft: 3, hard: 2 } } }, "ulimits.nofile ", "up to 2"],
    [{ networks: { a: { name: "n" }, b: { name: "n" } } }, "networks.b.name ", "networks.a"],
    [{ extraHosts: { db: "somewhere" } }, "extraHosts.db ", "IP address or host-gateway"],
    [{ extraHosts: { db: "::1, 10.0.0" } }, "extraHosts.db ", "IP address or host-gateway"],
    [{ env: { "A=B": "c" } }, 'env["A=B"] ', "without `=`"],
    [{ timeout: "0s" }, "timeout ", "longer than 0s"],
  ])("%j", (extra, where, hint) => {
    const found = problems(extra);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(where)).toBe(true);
    expect(found[0]).toContain(hint);
  });
});

test("splits and pins image references", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  expect(parseImage("reg:5000/a/b")).toEqual({ repository: "reg:5000/a/b" });
  expect(parseImage(`reg:5000/a/b:1@${digest}`)).toEqual({
    repository: "reg:5000/a/b",
    tag: "1",
    digest,
  });
  expect(pinned("reg:5000/a/b", digest)).toBe(`reg:5000/a/b:latest@${digest}`);
  expect(pinned("redis:7", digest)).toBe(`redis:7@${digest}`);
  expect([isPinned("redis:7"), isPinned(`redis@${digest}`)]).toEqual([false, true]);
});
