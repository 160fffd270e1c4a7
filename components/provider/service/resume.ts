import type { LiveTask } from "../../engine/live";
import type { LiveService } from "../../model/service/wire";
import { isCurrent } from "../../observe/current";

/**
 * Whether a paused update may continue: the replaced tasks have come up and stayed, and others
 * still wait. While a new task fails, continuing would stop the next old one. Pure.
 */
export function mayResume(
  service: LiveService,
  tasks: readonly LiveTask[],
  now: number,
  steadyMs: number,
): boolean {
  if (service.UpdateStatus?.State !== "paused") return false;
  const wanted = tasks.filter(({ DesiredState }) => DesiredState === "running");
  const exchanged = wanted.filter((task) => isCurrent(task, service.Spec.TaskTemplate));
  const stayed = exchanged.every(
    ({ Status }) =>
      Status?.State === "running" && now - Date.parse(Status.Timestamp ?? "") >= steadyMs,
  );
  return stayed && exchanged.length > 0 && exchanged.length < wanted.length;
}
