import { describe, expect, test } from "vitest";
import type { LiveTask } from "../../../components/engine/live";
import type { LiveService } from "../../../components/model/service/wire";
import { type Properties, UNKNOWN } from "../../../components/model/values";
import { jobStep, runsIn, withCurrentRun } from "../../../components/provider/service/job";
import { type CheckedService, serviceKind } from "../../../components/provider/service/kind";

const checked = (extra: object = {}) =>
  serviceKind.check(
    { name: "migrate", image: "app:1", mode: "replicated-job", ...extra },
    undefined,
    { urn: "u", salt: "salt" },
  ).inputs as unknown as CheckedService;

describe("what an update does", () => {
  test.each([
    ["onChange", true, "steady", "write"],
    ["onChange", false, "steady", "leave"],
    ["onChange", false, "failed", "rerun"],
    ["onChange", false, "converging", "leave"],
    ["onChange", true, "failed", "write"],
    ["once", true, "steady", "leave"],
    ["once", true, "failed", "write"],
    ["once", false, "failed", "rerun"],
    ["everyUp", false, "steady", "rerun"],
    ["everyUp", true, "steady", "write"],
  ] as const)("%s, changed %s, %s: %s", (run, changed, state, step) => {
    expect(jobStep(run, changed, state)).toBe(step);
  });
});

describe("what a preview shows", () => {
  const stored = (inputs: CheckedService, state: Properties = {}) => ({
    id: "id",
    inputs,
    state: { ...inputs, ...state },
  });
  const paths = (old: object, news: object, state: Properties = {}) =>
    serviceKind.diff(stored(checked(old), state), checked(news)).map(({ path }) => path);
  const done = { runs: [{ iteration: 0, at: "t", result: "completed" }] };
  const failed = { runs: [{ iteration: 0, at: "t", result: "exit code 3" }] };

  test("a job that runs on change has no change without one", () => {
    expect(paths({}, {}, done)).toEqual([]);
    expect(paths({}, { image: "app:2" }, done)).toEqual(["image"]);
  });

  test("a job that runs once and has completed has only another name or mode", () => {
    const once = { run: "once" };
    expect(paths(once, { ...once, image: "app:2" }, done)).toEqual([]);
    expect(paths(once, { ...once, image: "app:2" }, failed)).toEqual(["image"]);
    expect(paths(once, { ...once, mode: "global-job" }, done)).toEqual(["mode"]);
  });

  test("a job that runs with every up runs again", () => {
    expect(paths({ run: "everyUp" }, { run: "everyUp" }, done)).toEqual(["run"]);
  });

  test("its runs are not known before it ran; other services have none", () => {
    expect(serviceKind.plan(checked(), undefined).runs).toBe(UNKNOWN);
    expect(serviceKind.plan(checked({ mode: "global" }), undefined)).not.toHaveProperty("runs");
  });
});

test("a change of when it runs does not change its mark", () => {
  expect(checked({ run: "once" }).revision).toBe(checked().revision);
});

describe("the history", () => {
  const live = (Index: number): LiveService => ({
    ID: "s",
    Version: { Index: 1 },
    Spec: { Name: "migrate", Mode: { ReplicatedJob: {} } },
    JobStatus: { JobIteration: { Index }, LastExecution: "2026-01-01T00:00:00Z" },
  });
  const task = (Index: number, State: string, Err = ""): LiveTask => ({
    ID: `t${Index}`,
    JobIteration: { Index },
    Status: { State, Err },
  });

  test("has the current run first and each run once, five at most", () => {
    const before = [4, 3, 2, 1, 0].map((iteration) => ({
      iteration,
      at: "t",
      result: "completed",
    }));
    const tasks = [task(4, "complete"), task(5, "failed", "task: non-zero exit (3)")];
    const runs = withCurrentRun(before, live(5), tasks, "failed");
    expect(runs).toHaveLength(5);
    expect(runs[0]).toEqual({
      iteration: 5,
      at: "2026-01-01T00:00:00Z",
      result: "its program ended with exit code 3",
    });
    expect(runs[4]?.iteration).toBe(1);
    const now = withCurrentRun(runs, live(5), [task(5, "complete")], "steady");
    expect(now.map(({ iteration, result }) => `${iteration} ${result}`).slice(0, 2)).toEqual([
      "5 completed",
      "4 completed",
    ]);
    expect(withCurrentRun([], live(0), [], "converging")[0]?.result).toBe("running");
  });

  test("is read from the state, whatever else is there", () => {
    expect(runsIn(undefined)).toEqual([]);
    expect(runsIn({ runs: "none" })).toEqual([]);
    const run = { iteration: 1, at: "t", result: "completed" };
    expect(runsIn({ runs: [run, {}] })).toEqual([run]);
  });
});
