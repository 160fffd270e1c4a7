import { below } from "../fields/field";
import { matching, quantity } from "../fields/rules";
import * as t from "../fields/types";

/** The Docker engine keeps ratios in 32 bits: the shortest decimal of the same 32-bit number. */
function shortest(value: unknown): number {
  const kept = Math.fround(Number(value));
  const texts = Array.from({ length: 9 }, (_, digit) => kept.toPrecision(digit + 1));
  return Number(texts.find((one) => Math.fround(Number(one)) === kept) ?? kept);
}

/** What the policies of an update and of a rollback have in common. */
const policy = {
  /** Tasks at a time; 0 means all at once. @default 1 @example 2 */
  // Without a number the Docker engine would take 0.
  parallelism: t.count().states(1, 0).to("Parallelism"),
  /** Time between two replacements. @default 0s @example 10s */
  delay: t.duration().unless("0s").to("Delay"),
  /** How long a new task is watched for a failure. @default 5s @example 30s */
  monitor: t.duration().unless("5s", "0s").to("Monitor"),
  /** Part of the tasks that may fail. @default 0 @example 0.2 */
  maxFailureRatio: t
    .number(quantity(0, 0.2, 1))
    .by({ canon: shortest })
    .unless(0)
    .to("MaxFailureRatio"),
  /** Whether the old task ends before the new one starts. @default stop-first */
  order: t.oneOf("stop-first", "start-first").states("stop-first").to("Order"),
};

/** When a task that ended is started again, and where its output goes. */
export const taskPolicies = below("TaskTemplate", {
  /** When an ended task is restarted. @default always, 5s later */
  restart: t
    .record({
      /** @default any */
      condition: t.oneOf("any", "on-failure", "none").unless("any").to("Condition"),
      /** Time before the next try. @default 5s @example 30s */
      delay: t.duration().unless("5s").to("Delay"),
      /** Tries within `window`. @default no limit @example 3 */
      maxAttempts: t.count(3).to("MaxAttempts"),
      /** Time in which `maxAttempts` counts. @default 0s (forever) @example 2m */
      window: t.duration().unless("0s").to("Window"),
    })
    .to("RestartPolicy"),
  /** Where output goes. @default the Docker engine's */
  logging: t
    .record({
      /** Log driver. @example json-file */
      driver: t.text(matching(/./, "a log driver such as `json-file`")).to("Name").required(),
      /** Options of the driver. @default none @example { max-size: 10m } */
      options: t.texts().to("Options"),
    })
    .to("LogDriver"),
});

/** How tasks are replaced when a service is updated or rolled back. */
export const servicePolicies = {
  /** How tasks are replaced when the service changes. @default one at a time, the old one first */
  update: t
    .record({
      ...policy,
      /** What happens when a new task fails. @default pause */
      failureAction: t.oneOf("pause", "continue", "rollback").unless("pause").to("FailureAction"),
    })
    .to("UpdateConfig"),
  /** How tasks are replaced when an update is rolled back. @default one at a time, the old one first */
  rollback: t
    .record({
      ...policy,
      /** What happens when a task fails during the rollback. @default pause */
      failureAction: t.oneOf("pause", "continue", "rollback").unless("pause").to("FailureAction"),
    })
    .to("RollbackConfig"),
};
