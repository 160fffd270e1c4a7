import type { LiveTask } from "../../engine/live";
import type { LiveService } from "../../model/service/wire";
import { isCurrent } from "../../observe/current";

/**
 * Whether an update that swarm paused may go on: the tasks that it exchanged have come to run and
 * stayed, others wait for their turn. While a new task fails, going on would end the next old one. Pure.
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
