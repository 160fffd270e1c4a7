import { expect, test } from "vitest";
import { composeWording } from "../../../components/compose/wording";
import type { Keys, Problem } from "../../../components/model/problem";
import { brief, readChanged } from "../yard";

const about = { found: "privileged: true", allowed: "what swarm knows", fix: "remove it" };
const problem: Problem = { path: "platforms/app/compose.yaml", line: "compose.yaml:4", ...about };
const lineOf = (keys: Keys) => `compose.yaml:${keys.length}`;

test("problems of a source stop the run, its warnings do not", () => {
  const broken = readChanged({ source: { problems: [problem] } });
  expect(broken.problems).toEqual([problem]);
  expect(broken.environment).toBeUndefined();
  const warned = readChanged({ source: { warnings: [problem] } });
  expect(warned.warnings[0]).toEqual(problem);
  expect(warned.environment?.platforms).toHaveLength(1);
});

test("a source without a spec says only why it has none", () => {
  const { problems, environment } = readChanged({
    source: { spec: undefined, problems: [problem] },
  });
  expect(problems).toEqual([problem]);
  expect(environment).toBeUndefined();
});

test("a problem has the line of the source, unless its value is set in the environment file", () => {
  const wrong = { mounts: { "/data": { type: "volume", source: "dta" } } };
  const inSource = readChanged({ spec: { services: { web: wrong } }, source: { lineOf } });
  expect(inSource.problems).toMatchObject([
    { path: 'platforms/app: services.web.mounts["/data"].source', line: "compose.yaml:5" },
  ]);
  const changes = { platforms: { app: { services: { web: wrong } } } };
  const inFile = readChanged({ values: changes, source: { lineOf } });
  expect(inFile.problems).toMatchObject([
    { path: 'swarmyard:platforms.app.services.web.mounts["/data"].source' },
  ]);
  expect(inFile.problems[0]).not.toHaveProperty("line");
});

test("a wrong value has the line of the source too", () => {
  const { problems } = readChanged({
    spec: { services: { web: { replicas: "two" } } },
    source: { lineOf },
  });
  expect(problems).toMatchObject([
    { path: "platforms/app: services.web.replicas", line: "compose.yaml:3" },
  ]);
});

test("a problem has the words of the source, unless its value is set in the environment file", () => {
  const web = { endpointMode: "dnsrr", ports: [{ target: 80, published: 8080, mode: "ingress" }] };
  const source = { wording: composeWording("app") };
  const inSource = readChanged({ spec: { services: { web } }, source });
  expect(inSource.problems.map(brief)).toEqual([
    [
      "platforms/app: services.web.ports[0].mode",
      '"ingress" with `deploy.endpoint_mode: dnsrr`',
      "host; ingress needs `deploy.endpoint_mode: vip`",
      "`mode: host`",
    ],
  ]);
  const placement = { maxReplicasPerNode: 1 };
  const many = readChanged({ spec: { services: { redis: { placement, replicas: 5 } } }, source });
  expect(many.problems.map(brief)).toEqual([
    [
      "platforms/app: services.redis.deploy.replicas",
      "5 replicas of service redis, of which 1 have room on yard-test-db-0",
      "at most 1: `deploy.placement.max_replicas_per_node: 1`",
      "`deploy.replicas: 1`",
    ],
  ]);
  const services = { redis: { placement, replicas: 5 } };
  const inFile = readChanged({ values: { platforms: { app: { services } } }, source });
  expect(inFile.problems.map(({ path, fix }) => [path, fix])).toEqual([
    ["swarmyard:platforms.app.services.redis.replicas", "`replicas: 1`"],
  ]);
});
