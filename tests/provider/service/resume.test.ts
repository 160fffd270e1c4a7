import { expect, test } from "vitest";
import type { LiveTask } from "../../../components/engine/live";
import type { LiveService } from "../../../components/model/service/wire";
import { mayResume } from "../../../components/provider/service/resume";

const now = Date.parse("2026-01-01T00:01:00Z");
const template = { ContainerSpec: { Image: "app:2" } };
const paused: LiveService = {
  ID: "s",
  Version: { Index: 1 },
  Spec: { Name: "web", TaskTemplate: template },
  UpdateStatus: { State: "paused" },
};
const task = (State: string, image: string, seconds = 30): LiveTask => ({
  ID: "t",
  DesiredState: "running",
  Status: { State, Timestamp: new Date(now - seconds * 1000).toISOString() },
  Spec: { ContainerSpec: { Image: image } },
});
const resumes = (service: LiveService, ...tasks: LiveTask[]) =>
  mayResume(service, tasks, now, 5_000);

test("continues a paused update when the replaced tasks stay up and others are left", () => {
  expect(resumes(paused, task("running", "app:2"), task("running", "app:1"))).toBe(true);
});

test.each([
  ["a new task fails", [task("starting", "app:2"), task("running", "app:1")]],
  ["a new task has just come", [task("running", "app:2", 1), task("running", "app:1")]],
  ["nothing was exchanged", [task("running", "app:1"), task("running", "app:1")]],
  ["everything was exchanged", [task("running", "app:2"), task("running", "app:2")]],
])("does not when %s", (_, tasks) => {
  expect(resumes(paused, ...tasks)).toBe(false);
});

test("does not touch services that are not paused", () => {
  const updating = { ...paused, UpdateStatus: { State: "updating" } };
  expect(resumes(updating, task("running", "app:2"), task("running", "app:1"))).toBe(false);
});
