import { expect, test } from "vitest";
import { formatProblems } from "../../components/model/problem";
import { readChanged } from "./yard";

test("fails with all problems of all kinds in one run", () => {
  const { problems, environment } = readChanged({
    values: {
      prefx: "yard",
      hosts: {
        local: { subnet: "10.201.0.0/16" },
        groups: {
          platform: { count: 2 },
          db: { names: ["db", "db"] },
          agent: { cuont: 2, count: null },
        },
      },
      share: { kind: "none" },
      swarm: { drainTimeout: "60" },
      platforms: {
        app: { services: { web: { replicas: "3" }, redsi: { replicas: 1 } } },
        ap: {},
      },
    },
    spec: {
      services: {
        redis: { placement: { constraints: ["node.labels.dbs == true"] } },
        web: {
          ports: [
            { target: 80, published: 8080 },
            { target: 81, published: 8080 },
          ],
          dependsOn: ["redis", "reddis"],
          placement: { constraints: ["node.role = manager"] },
        },
      },
    },
    world: { hasSecret: () => false, exists: (path) => !path.includes("seed") },
  });
  expect(environment).toBeUndefined();
  expect(problems.map(({ path, found }) => `${path}: ${found}`)).toMatchInlineSnapshot(`
    [
      "swarmyard:hosts.groups.agent.cuont: an unknown key",
      "swarmyard:swarm.drainTimeout: "60"",
      "swarmyard:prefx: an unknown key",
      "platforms/app: services.web.placement.constraints[0]: "node.role = manager": needs "==" or "!="",
      "swarmyard:platforms.app.services.web.replicas: "3"",
      "swarmyard:platforms.app.services.redsi: a service that platforms/app does not have, without an image",
      "swarmyard:platforms.ap.from: no folder platforms/ap with an index.ts or a compose.yaml",
      "swarmyard:hosts.groups.db.names[1]: "db", which group db has already",
      "platforms/app: volumes.data.shared: shared: true, but the environment has no share (swarmyard:share.kind is none)",
      "swarmyard:swarm.platformPool: 10.201.0.0/16, which overlaps 10.201.0.0/16, the local hosts' subnet",
      "platforms/app: services.web.ports[1].published: 8080/tcp, which ports[0] publishes too",
      "platforms/app: services.web.dependsOn[1]: "reddis", which is not in the platform's \`services\`",
      "platforms/app: secrets.token.config: "apiToken", which is not in Pulumi config",
      "platforms/app: volumes.data.seed["first.json"]: "seed/first.json", but there is no platforms/app/seed/first.json",
      "platforms/app: services.redis.placement.constraints[0]: "node.labels.dbs == true" of service redis, but no node has the label \`dbs\`",
    ]
  `);
  const text = formatProblems("test", problems);
  expect(text.split("\n")[0]).toBe(`${problems.length} problems in the settings of "test":`);
  expect(text).toContain("\n12. ");
});

test("writes a problem as where, found, allowed and fix", () => {
  const { problems } = readChanged({ values: { hosts: { groups: { db: { count: "3" } } } } });
  expect(formatProblems("test", problems)).toMatchInlineSnapshot(`
    "1 problem in the settings of "test":
    1. swarmyard:hosts.groups.db.count
         found:   "3"
         allowed: a whole number from 0 to 500, such as \`1\`
         fix:     \`count: 3\`"
  `);
});

test("says nothing about nodes that lack what a wrong value may have meant", () => {
  const { problems } = readChanged({
    values: { hosts: { groups: { db: { labels: null, lables: ["db"] } } } },
  });
  expect(problems.map(({ path }) => path)).toEqual(["swarmyard:hosts.groups.db.lables"]);
});

test("warns of an even number of managers", () => {
  const { warnings, environment } = readChanged({
    values: { hosts: { groups: { platform: { count: 2 } } } },
  });
  expect(environment).toBeDefined();
  expect(warnings).toEqual([
    {
      path: "swarmyard:hosts.groups",
      keys: ["hosts", "groups"],
      found: "2 managers: yard-test-platform-0, yard-test-platform-1",
      allowed: "an odd number; 2 survive the loss of 0, as 1 do",
      fix: "`role: worker` for one, or one more manager",
    },
  ]);
});
