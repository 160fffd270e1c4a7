import { orGone } from "../../engine/errors";
import type { LiveTask } from "../../engine/live";
import { poll } from "../../engine/waiting";
import { milliseconds } from "../../model/quantities";
import type { ServiceInputs } from "../../model/service/inputs";
import type { KindContext } from "../context";

const ENDED = ["complete", "failed", "rejected", "shutdown", "orphaned", "remove"];

/** Removes a service and waits until its tasks have ended, so that what they used can be removed. */
export async function removeService(
  id: string,
  inputs: ServiceInputs,
  context: KindContext,
): Promise<void> {
  const docker = await context.manager();
  // The Docker engine does not list the tasks of a removed service, so they are recorded first.
  const tasks = (await orGone(docker.tasks.list({ service: [id] }))) ?? [];
  await orGone(docker.services.remove(id));
  const ids = unended(tasks).map(({ ID }) => ID);
  if (ids.length === 0) return;
  const grace = inputs.stopGracePeriod ?? "10s";
  const timeoutMs = 30_000 + milliseconds(grace);
  let left: readonly LiveTask[] = [];
  const gone = await poll(context, { timeoutMs, everyMs: 500 }, async () => {
    const manager = await context.manager();
    const now = unended(await manager.tasks.list({ id: ids }));
    const changed = now.length !== left.length;
    left = now;
    if (changed && left.length > 0) {
      context.log(`${inputs.name}: waiting for ${left.length} tasks to end`);
    }
    return left.length === 0 ? true : undefined;
  });
  if (gone === undefined) {
    context.warn(
      `the service ${inputs.name} is removed, but ${left.length} of its tasks have not ended after ` +
        `${Math.round(timeoutMs / 1000)} s; their nodes may be down`,
    );
  }
}

function unended(tasks: readonly LiveTask[]): LiveTask[] {
  return tasks.filter(({ Status }) => !ENDED.includes(Status?.State ?? ""));
}
