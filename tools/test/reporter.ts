import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import type { Skip, Tally } from "./tally";

/** Environment variables that tell the reporter where its tally goes, and whether to print each test. */
export const reportVariables = { file: "SWARMYARD_TALLY", lines: "SWARMYARD_TALLY_LINES" } as const;

/** Vitest reporter that writes a tally with the reason of every skip, and may print each test as it ends. */
export default class TallyReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (process.env[reportVariables.lines] === undefined) {
      return;
    }
    const { state } = test.result();
    const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(1);
    process.stdout.write(`${state}: ${test.fullName} (${seconds}s)\n`);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message?: string }[]): void {
    const file = process.env[reportVariables.file];
    if (file !== undefined) {
      writeFileSync(file, JSON.stringify(tallyOf(modules, errors)));
    }
  }
}

function tallyOf(modules: readonly TestModule[], errors: readonly { message?: string }[]): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const failed = tests.filter((test) => test.result().state === "failed").map(nameOf);
  const broken = modules.flatMap(brokenParts);
  const unhandled = errors.map(({ message }) => `outside of any test: ${firstLine(message)}`);
  const all = [...failed, ...broken, ...unhandled];
  return {
    passed: tests.filter((test) => test.result().state === "passed").length,
    failed: all,
    skipped: tests
      .filter((test) => ["skipped", "pending"].includes(test.result().state))
      .map((test) => skipOf(test, all.length > 0)),
  };
}

/** A file that could not be loaded, and groups whose set-up failed: their tests have no result of their own. */
function brokenParts(module: TestModule): string[] {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return [
    ...(module.errors().length > 0
      ? [`${module.relativeModuleId}: ${firstLine(module.errors()[0]?.message)}`]
      : []),
    ...suites.map((suite) => `${suite.fullName}: ${firstLine(suite.errors()[0]?.message)}`),
  ];
}

function skipOf(test: TestCase, afterFailure: boolean): Skip {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  const marked = test.options.mode === "skip" || test.options.mode === "todo";
  const reason = marked ? "marked so in its file" : "its condition is not met here";
  return {
    name: nameOf(test),
    reason: note ?? (afterFailure && !marked ? "a test before it failed" : reason),
  };
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function firstLine(text: string | undefined): string {
  return (text ?? "no message").split("\n")[0] ?? "";
}
