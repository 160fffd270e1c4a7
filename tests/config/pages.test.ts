import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { platformsIn } from "../../components/config/platforms/folders";
import { readEnvironment } from "../../components/config/read-environment";
import { formatProblem } from "../../components/model/problem";

const root = resolve(__dirname, "..", "..");

/** Settings of the first example of a page that is a whole file. */
function settingsOf(page: string): { readonly [key: string]: unknown } {
  const text = readFileSync(join(root, page), "utf8");
  const [, example = ""] = /```yaml\n(config:\n[\s\S]*?)```/.exec(text) ?? [];
  const { config } = parse(example) as { config: { [key: string]: unknown } };
  const entries = Object.entries(config).map(([key, value]) => [key.split(":")[1], value]);
  return Object.fromEntries(entries);
}

test("the example of docs/servers.md reads without problems or warnings", () => {
  const { environment, problems, warnings } = readEnvironment(
    "rack",
    settingsOf("docs/servers.md"),
    platformsIn(root),
  );
  expect([...problems, ...warnings].map(formatProblem)).toEqual([]);
  expect(environment?.hosts.map(({ name }) => name)).toEqual(["m-0", "m-1", "m-2"]);
});

test("the changed demo of README.md reads without problems", () => {
  const hosts = {
    groups: { all: { role: "manager", labels: ["platform", "db", "agent", "service"] } },
  };
  const stated = { hosts, ...settingsOf("README.md") };
  const { environment, problems } = readEnvironment("local", stated, platformsIn(root));
  expect(problems.map(formatProblem)).toEqual([]);
  expect(environment?.platforms[0]?.plan.services.agent?.replicas).toBe(3);
});
