import { parseArgs } from "node:util";
import type { Arguments } from "../arguments";
import { Failure } from "../setup/failure";
import type { Progress } from "../setup/progress";
import { runChecks } from "../test/checks";
import { type Prepared, runTests } from "../test/run";
import { oneSkip, type Tally } from "../test/tally";
import { runProjects } from "../test/vitest";

/** Projects of vitest.config.mts that need a Docker engine and a Pulumi. */
const engineProjects = ["conformance", "peer", "e2e", "upgrade", "systems"] as const;
/** Systems that run here; `npm run test:systems` runs all. */
const fewSystems = ["blue", "dockercoins", "nlp-cloud"];
const parts = ["check", "unit", ...engineProjects] as const;
type Part = (typeof parts)[number];

/** Runs all tests, or with `--only <part>` some; ends with how many passed, failed and were skipped. */
export async function test({ rest }: Arguments, progress: Progress): Promise<void> {
  const chosen = chooseParts(rest);
  const left = parts.filter((part) => !chosen.includes(part));
  await runTests(
    {
      needsMachine: engineProjects.some((project) => chosen.includes(project)),
      quick: async () => [
        ...left.map((part) => oneSkip(part, "not selected (--only)")),
        ...(chosen.includes("check") ? [await runChecks(progress)] : []),
        ...(chosen.includes("unit") ? [await runProjects(progress, ["unit"])] : []),
      ],
      suites: (prepared) => runSuites(chosen, progress, prepared),
    },
    progress,
  );
}

/** @throws Failure for a part that does not exist */
export function chooseParts(rest: readonly string[]): readonly Part[] {
  const names = wordsOf(rest).flatMap((word) => word.split(","));
  const unknown = names.find((name) => !(parts as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new Failure(
      `There is no test part ${unknown} of the tests.`,
      `Run: npm test, or npm test -- --only ${parts.join("|")}`,
    );
  }
  return names.length === 0 ? parts : parts.filter((part) => names.includes(part));
}

function wordsOf(rest: readonly string[]): readonly string[] {
  const options = { only: { type: "string", multiple: true } } as const;
  const { values, positionals, tokens } = parseArgs({
    args: [...rest],
    options,
    strict: false,
    tokens: true,
  });
  const unknown = tokens.find((token) => token.kind === "option" && token.name !== "only");
  if (unknown?.kind === "option") return [unknown.rawName];
  return [...(values.only ?? []).map(String), ...positionals];
}

async function runSuites(
  chosen: readonly Part[],
  progress: Progress,
  { machine, problem, env }: Prepared,
): Promise<readonly Tally[]> {
  const projects = engineProjects.filter((project) => chosen.includes(project));
  if (projects.length === 0) return [];
  if (machine === undefined) {
    return projects.map((project) => oneSkip(`tests/${project}`, `set-up failed: ${problem}`));
  }
  const options = { env, reporter: "verbose" } as const;
  const others = projects.filter((project) => project !== "systems");
  const words = fewSystems.map((system) => `tests/systems/${system}.test.ts`);
  return [
    ...(others.length === 0 ? [] : [await runProjects(progress, others, options)]),
    ...(others.length === projects.length
      ? []
      : [await runProjects(progress, ["systems"], { ...options, words })]),
  ];
}
