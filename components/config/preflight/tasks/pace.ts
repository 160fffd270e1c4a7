import type { ServicePlan } from "../../../model/platform/plan";
import { formatDuration, parseDuration } from "../../../model/quantities";
import { platformProblem } from "../../platforms/platforms";
import { tasksOf } from "../addresses";
import type { Check } from "../flight";
import { describeNodes } from "../known-nodes";

const DEFAULT_TIMEOUT = "5m";
const DEFAULT_INTERVAL = "30s";

/** Updates that take longer, if all goes well, than `up` waits for them. */
export const warnPace: Check = ({ environment, drafts, known }) => {
  if (!known.counts || environment.hosts.length === 0) return [];
  const nodes = describeNodes(environment);
  return drafts.flatMap((draft) => {
    const timeout = draft.plan.rollout?.timeout ?? DEFAULT_TIMEOUT;
    return Object.entries(draft.plan.services).flatMap(([service, spec]) => {
      const tasks = tasksOf(spec, nodes);
      const { parallelism = 1, delay = "0s", monitor = "5s" } = spec.update ?? {};
      const steps = parallelism === 0 ? 1 : Math.max(1, Math.ceil(tasks / parallelism));
      const check = firstCheck(spec);
      const watched = parseDuration(monitor);
      const needed = steps * check + (steps - 1) * parseDuration(delay) + watched;
      if (needed <= parseDuration(timeout)) return [];
      const parts = [
        ...(check > 0 ? [`${formatDuration(check)} until the first check of each`] : []),
        ...(steps > 1 ? [`a delay of ${delay} between them`] : []),
        `a monitor of ${formatDuration(watched)} after the last`,
      ];
      const count = steps === 1 ? "1 step" : `${steps} steps`;
      const found = `an update of service ${service} that takes at least ${formatDuration(needed)}: ${count}, ${parts.join(", ")}`;
      const allowed = `less than the rollout's timeout of ${timeout}`;
      const fix = `\`rollout: { timeout: ${formatDuration(needed * 2)} }\`, or a larger \`parallelism\``;
      const slowCheck = check > parseDuration(timeout);
      const keys = ["services", service, ...(slowCheck ? ["healthcheck", "interval"] : ["update"])];
      return [platformProblem(draft, keys, { found, allowed, fix })];
    });
  });
};

/** Nanoseconds until a task can be healthy; 0 without a check of the service's own. */
function firstCheck({ healthcheck }: ServicePlan): number {
  if (healthcheck?.test === undefined || healthcheck.test[0] === "NONE") return 0;
  const { interval = DEFAULT_INTERVAL, startPeriod = "0s", startInterval = "5s" } = healthcheck;
  const usual = parseDuration(interval) || parseDuration(DEFAULT_INTERVAL);
  return parseDuration(startPeriod) === 0 ? usual : Math.min(usual, parseDuration(startInterval));
}
