import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { awsPage } from "./aws-page";
import { type ProofPage, type Scenario, writeProof } from "./proof";
import { systemsPage } from "./systems-page";
import type { Skip, Tally } from "./tally";
import { enginesSeenBy } from "./tested-engines";
import { trustPage } from "./trust-page";

declare module "vitest" {
  interface TaskMeta {
    /** Requests that failed while the test ran; leave it out when none were sent. */
    failedRequests?: number;
  }
}

/** Environment variables for the reporter: where its tally goes, and the machine in one line. */
export const reportVariables = { tally: "SWARMYARD_TALLY", place: "SWARMYARD_PLACE" } as const;

const pages: { readonly [project: string]: ProofPage } = {
  trust: trustPage,
  aws: awsPage,
  systems: systemsPage,
};

/**
 * Vitest reporter that writes a tally with the reason of every skip. Where it knows the machine, it
 * also writes what a file of trust, aws or systems showed to its page as soon as the file has ended.
 */
export default class ProofReporter implements Reporter {
  private readonly began = new Map<string, Date>();

  onTestModuleQueued({ id }: TestModule): void {
    this.began.set(id, new Date());
  }

  onTestModuleEnd(module: TestModule): void {
    const page = pages[module.project.name];
    const place = process.env[reportVariables.place];
    if (page === undefined || place === undefined) return;
    const at = this.began.get(module.id) ?? new Date();
    const seconds = (Date.now() - at.getTime()) / 1000;
    const file = module.relativeModuleId;
    const engines = enginesSeenBy(module.moduleId, process.env);
    writeProof(page, { file, at, seconds, place, engines, scenarios: scenariosOf(module) });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message?: string }[]): void {
    const file = process.env[reportVariables.tally];
    if (file !== undefined) writeFileSync(file, JSON.stringify(tallyOf(modules, errors)));
  }
}

function scenariosOf(module: TestModule): Scenario[] {
  return [...module.children.allTests()].map((test) => {
    const { state } = test.result();
    return {
      name: test.fullName,
      state: state === "passed" || state === "failed" ? state : "not run",
      seconds: (test.diagnostic()?.duration ?? 0) / 1000,
      failedRequests: test.meta().failedRequests,
    };
  });
}

function tallyOf(modules: readonly TestModule[], errors: readonly { message?: string }[]): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const failed = tests.filter((test) => test.result().state === "failed").map(nameOf);
  const unhandled = errors.map(({ message }) => `outside of any test: ${firstLine(message)}`);
  return {
    passed: tests.filter((test) => test.result().state === "passed").length,
    failed: [...failed, ...modules.flatMap(brokenParts), ...unhandled],
    skipped: tests
      .filter((test) => ["skipped", "pending"].includes(test.result().state))
      .map(skipOf),
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

function skipOf(test: TestCase): Skip {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  const marked = test.options.mode === "skip" || test.options.mode === "todo";
  const broken = test.module.state() === "failed";
  const reason = broken ? "a test or set-up before it failed" : "its condition is not met here";
  return { name: nameOf(test), reason: note ?? (marked ? "marked so in its file" : reason) };
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function firstLine(text: string | undefined): string {
  return (text ?? "no message").split("\n")[0] ?? "";
}
