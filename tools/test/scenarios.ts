import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

declare module "vitest" {
  interface TaskMeta {
    /** Requests that failed while the scenario ran; leave it out when none were sent. */
    failedRequests?: number;
  }
}

/** Environment variable that tells the reporter where its scenarios go. */
export const scenariosVariable = "SWARMYARD_SCENARIOS";

/** One test of `tests/trust`, as it ended. */
export interface Scenario {
  readonly name: string;
  readonly state: "passed" | "failed" | "not run";
  readonly seconds: number;
  /** @default no requests were sent */
  readonly failedRequests?: number;
}

/** Vitest reporter that writes each test with its time and failed requests. */
export default class ScenarioReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env[scenariosVariable];
    if (file !== undefined) writeFileSync(file, JSON.stringify(modules.flatMap(scenariosOf)));
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
