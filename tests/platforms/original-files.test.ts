import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { formatProblem } from "../../components/model/problem";
import { casesFolder } from "../compose/cases";

/** What each page says to run a system's own files, and where its repository has those of the cases. */
const systems = [
  {
    name: "dockercoins",
    files: { "dockercoins/dockercoins.yml": "stacks/dockercoins.yml" },
    services: ["hasher", "redis", "rng", "webui", "worker"],
  },
  {
    name: "openmpf",
    files: {
      "openmpf/docker-compose.core.yml": "docker-compose.core.yml",
      "openmpf/docker-compose.components.yml": "docker-compose.components.yml",
    },
    services: ["db", "markup", "redis", "workflow-manager"],
  },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "yard-original-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The block of a system's page with `source`. */
function blockOf(name: string) {
  const page = readFileSync(resolve(__dirname, "../../platforms", name, "README.md"), "utf8");
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  const [block] = blocks.filter((text) => text.includes("source:"));
  return parse(block ?? "")[name];
}

describe.skipIf(casesFolder === undefined)(
  "the own files (skipped without ../shared/cases)",
  () => {
    test.each(systems)("of $name, from a commit, as its page says", ({ name, files, services }) => {
      const repository = join(folder, `${name}-repository`);
      for (const [from, to] of Object.entries(files)) {
        mkdirSync(dirname(join(repository, to)), { recursive: true });
        cpSync(join(casesFolder ?? "", from), join(repository, to));
      }
      const git = (...args: string[]) => {
        const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        return execFileSync("git", [...who, ...args], { cwd: repository, encoding: "utf8" }).trim();
      };
      git("init", "-q");
      git("add", ".");
      git("commit", "-qm", "as it was");
      const said = blockOf(name);
      expect(said.source.ref).toMatch(/^[0-9a-f]{40}$/);
      const { path } = said.source;
      const source = { checkout: repository, ...(path === undefined ? {} : { path }) };
      const config = {
        "swarmyard:hosts": {
          kind: "local",
          groups: { manager: { role: "manager" }, worker: { count: 2 } },
        },
        "swarmyard:swarm": { discovery: "dnsrr", publish: "host" },
        "swarmyard:platforms": { [name]: { ...said, source } },
      };
      const file = join(folder, `Pulumi.${name}.yaml`);
      writeFileSync(file, stringify({ config }));
      const { environment, problems } = readEnvironmentFile(file);
      expect(problems.map(formatProblem)).toEqual([]);
      expect(Object.keys(environment?.platforms[0]?.plan.services ?? {})).toEqual(
        expect.arrayContaining(services),
      );
    });
  },
);
