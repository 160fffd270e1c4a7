import type { Arguments } from "../arguments";
import { Failure } from "../setup/failure";
import type { Progress } from "../setup/progress";
import { type Prepared, runTests } from "../test/run";
import { engineSuites, runChecks, runEngineSuite, runUnitTests } from "../test/suites";
import { oneSkip, type Tally } from "../test/tally";

const parts = ["check", "unit", ...engineSuites] as const;
type Part = (typeof parts)[number];

/** Runs all tests, or with `--only <part>` some; ends with how many passed, failed and were skipped. */
export async function test({ rest }: Arguments, progress: Progress): Promise<void> {
  const chosen = chooseParts(rest);
  await runTests(
    {
      needsMachine: engineSuites.some((suite) => chosen.includes(suite)),
      quick: () => progress.during("checks and unit tests", () => runQuick(chosen, progress)),
      suites: (prepared) => runSuites(chosen, progress, prepared),
    },
    progress,
  );
}

/** @throws Failure for a part that does not exist */
export function chooseParts(rest: readonly string[]): readonly Part[] {
  const words = rest.flatMap((word) => word.replace(/^--only=/, "").split(","));
  const names = words.filter((word) => word !== "--only");
  const unknown = names.find((name) => !(parts as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new Failure(
      `There is no part ${unknown} of the tests.`,
      `Type: npm test, or npm test -- --only ${parts.join("|")}`,
    );
  }
  return names.length === 0 ? parts : (names as Part[]);
}

const notAskedFor = "it was not asked for (--only)";

async function runQuick(chosen: readonly Part[], progress: Progress): Promise<readonly Tally[]> {
  const run = (part: Part, work: (progress: Progress) => Promise<Tally>) =>
    chosen.includes(part) ? work(progress) : oneSkip(part, notAskedFor);
  return [await run("check", runChecks), await run("unit", runUnitTests)];
}

async function runSuites(
  chosen: readonly Part[],
  progress: Progress,
  prepared: Prepared,
): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const suite of engineSuites) {
    if (!chosen.includes(suite)) {
      tallies.push(oneSkip(`tests/${suite}`, notAskedFor));
    } else if (prepared.machine === undefined) {
      tallies.push(oneSkip(`tests/${suite}`, `set-up failed: ${prepared.problem}`));
    } else {
      tallies.push(await runEngineSuite(progress, suite, prepared.env));
    }
  }
  return tallies;
}
