import { describe, expect, test } from "vitest";
import { type Case, cases, casesFolder, judge, readCase, readOf, type Verdict } from "./cases";
import { compare } from "./compare";
import { planOf, postsOf } from "./deploy";

const PLACEHOLDER = "the placeholder `<";
const NEEDS_LENIENT = "`docker stack deploy`";

/** Cases that we refuse, and the beginning of what we find: each line once, in the order of the files. */
const refused: { readonly [id: string]: readonly string[] } = {
  "blue-template-platform": [
    "the key `blue_${BLUE_DEPLOY_PLATFORM}_data` with a variable; Docker fills variables in values only",
    "/cases/blue/api/api.env, which cannot be read",
  ],
  "blue-template-agent": ["the key `${AGENT_LOWERCASE}` with a variable"],
  "nlp-1-network": [`${PLACEHOLDER}path to your custom Django image>\`, which nobody filled in`],
  "nlp-2-constraints": [
    `${PLACEHOLDER}path to your custom Django image>\`, which nobody filled in`,
  ],
  "nlp-3-resources": [`${PLACEHOLDER}path to your custom FastAPI image>\`, which nobody filled in`],
  "nlp-4-replicas": [`${PLACEHOLDER}path to your custom FastAPI image>\`, which nobody filled in`],
  "mpf-2018-template": [`${PLACEHOLDER}registry_host>\`, which nobody filled in`],
  "cli-full-example": [
    "`privileged`: swarm runs no privileged containers; `docker stack deploy` leaves it out with a warning",
    "`host_ip`: swarm publishes on every address of a node; `docker stack deploy` listens on 0.0.0.0",
    "a second mount at /var/lib/mysql",
    "nothing that says where its content comes from",
  ],
  "cli-named-resources": ['"volume1" as a path in the container'],
  "rocks-traefik-noenv": [
    "the required variable EMAIL is not set: Variable not set",
    "the required variable DOMAIN is not set: Variable not set",
    "the required variable USERNAME is not set: Variable not set",
  ],
  "kong-compose": ["/cases/other/POSTGRES_PASSWORD, which cannot be read"],
  "knowage-typo": [
    "the unknown key `hotsname`, which Docker refuses",
    '"knowage_db_root_pass", which is not in `secrets`',
  ],
  airflow: ['"airflow-backend", which is not in `networks`'],
};

/** Cases that only `lenient` takes, as Docker does, and what we find without it. */
const lenient: { readonly [id: string]: readonly string[] } = {
  "openwebui-gpu": ['"overlay", which a Docker engine takes as ingress without a word'],
  sentry: ["`restart`: swarm restarts no service because of another"],
  "dococd-reset": ["`post_start`: swarm runs no commands beside a container's own"],
  "syn-short-syntax": [
    `\`host_ip\`: swarm publishes on every address of a node; ${NEEDS_LENIENT} listens on 0.0.0.0`,
  ],
};

/** Cases that Docker refuses and that compose, PyYAML or a person reads. */
const readAnyway: { readonly [id: string]: string } = {
  "coins-v2-images": "a version that Docker no longer reads; ours reads all alike",
  codalab: "two `<<` in one map",
  "codalab-ssl": "two `<<` in one map",
  "codalab-dev": "two `<<` in one map",
  "dogvscat-elk-override": "two versions",
  sentry: "`depends_on` as a map",
  "dococd-reset": "`extends`",
  "syn-merge-reset": "`!reset` and `!override`",
};

function expected({ id }: Case): Verdict["result"] {
  if (id in refused) return "refused";
  return id in readAnyway ? "read" : "equal";
}

describe.skipIf(casesFolder === undefined)(
  "the shared cases (skipped without ../shared/cases)",
  () => {
    const verdicts = new Map<string, Verdict>();

    test.each(cases.map((one) => [one.id, one] as const))("%s", async (id, one) => {
      const verdict = await judge(one, id in lenient);
      verdicts.set(id, verdict);
      expect(verdict.lines).toEqual(verdict.result === "refused" ? verdict.lines : []);
      expect(verdict.result).toBe(expected(one));
      const messages = id in lenient ? (await judge(one, false)).lines : verdict.lines;
      for (const message of [...(refused[id] ?? []), ...(lenient[id] ?? [])]) {
        expect(messages.join("\n")).toContain(message);
      }
      // Where it is, as far as the column.
      for (const line of verdict.lines) expect(line).toMatch(/^[^ ]+:\d+:\d+ /);
    });

    test("the table", () => {
      const rows = cases.map(({ id }) => {
        const { result = "?", lines = [] } = verdicts.get(id) ?? {};
        const way = id in lenient ? `${result}, with lenient` : result;
        return `${id.padEnd(26)} ${way.padEnd(22)} ${(readAnyway[id] ?? lines[0] ?? "").slice(0, 110)}`;
      });
      console.info(rows.join("\n"));
      expect(rows).toHaveLength(75);
    });

    test("a template of blue becomes what blue's own scripts make of it", async () => {
      const template = cases.find(({ id }) => id === "blue-template-platform");
      if (template === undefined) throw new Error("the case is missing");
      const read = (file: string) =>
        readCase(file) ?? readCase(file.replace("/cases/blue/", "/cases/blue/rendered/"));
      const stack = "blue_platform_default";
      const { spec, problems } = readOf({ ...template, stack }, { variablesInKeys: true, read });
      expect(problems).toEqual([]);
      const { plan, findings } = planOf(stack, spec ?? {});
      expect(findings).toEqual([]);
      if (plan === undefined) throw new Error("there is no plan");
      const golden = readCase("/cases/expected/blue-platform-default.deploy.json") ?? "";
      expect(compare(await postsOf(plan, () => ""), JSON.parse(golden))).toEqual([]);
    });
  },
);
