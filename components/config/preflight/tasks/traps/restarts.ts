import type { ServicePlan } from "../../../../model/platform/plan";
import type { Finding } from "../../../../model/problem";
import { parseDuration } from "../../../../model/quantities";
import { isJobMode } from "../../../../model/service/mode";

const DEFAULT_DELAY = "5s";

/** Limits of restarts that end a service for good, or that are never reached. */
export function restartTraps({ restart, mode }: ServicePlan): readonly Finding[] {
  const { condition, maxAttempts = 0, window = "0s", delay = DEFAULT_DELAY } = restart ?? {};
  if (isJobMode(mode) || condition === "none" || maxAttempts === 0) return [];
  const most = parseDuration(window);
  if (most === 0) {
    const found = `maxAttempts ${maxAttempts} without \`window\`: after ${maxAttempts} restarts in all, however long apart, swarm never starts the task again`;
    const fix = "`window: 10m`, so that old restarts no longer count";
    return [{ keys: ["restart", "maxAttempts"], found, allowed: "a limit with a `window`", fix }];
  }
  const needed = (maxAttempts - 1) * parseDuration(delay);
  if (needed < most) return [];
  const found = `${window}, in which ${maxAttempts} restarts never fit, ${delay} apart: the limit is never reached`;
  const allowed = `more than ${maxAttempts - 1} times the \`delay\` of ${delay}`;
  return [{ keys: ["restart", "window"], found, allowed, fix: "a longer `window`" }];
}
