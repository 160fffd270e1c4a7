import { whole } from "../fields/rules";
import * as t from "../fields/types";
import { isMap } from "../paths";
import type { WireSpec } from "./wire";

/** How many tasks there are. The Engine API has the three as one `Mode`. */
export const modeFields = {
  /** `replicated` runs a number of tasks, `global` one on each node; jobs run to their end. @default replicated */
  mode: t
    .oneOf("replicated", "global", "replicated-job", "global-job")
    .unless("replicated")
    .wordSince("replicated-job", "20.10", 41)
    .wordSince("global-job", "20.10", 41),
  /** Tasks of a replicated service; completions of a replicated job. @default 1 @example 3 */
  replicas: t.number(whole(0, undefined, 1)).unless(1),
  /** Tasks of a replicated job that run at the same time. @default replicas @example 2 */
  maxConcurrent: t.number(whole(1)),
  /** When a job runs: `once` until it has completed, `onChange` again with each change of its fields, `everyUp` with each `up`. @default onChange @example once */
  run: t.oneOf("once", "onChange", "everyUp").unless("onChange"),
};

/** When a job runs. */
export type Run = (typeof modeFields.run)["type"];

/** One run of a job. */
export interface JobRun {
  /** Number of the run, which swarm counts. */
  readonly iteration: number;
  /** When it began, as swarm says it. */
  readonly at: string;
  /** `completed`, `running`, or how its last task failed. */
  readonly result: string;
}

/** Whether tasks of a mode end when they are done. */
export function isJobMode(mode: unknown): boolean {
  return mode === "replicated-job" || mode === "global-job";
}

interface ModeInputs {
  readonly mode?: (typeof modeFields.mode)["type"];
  readonly replicas?: number;
  readonly maxConcurrent?: number;
}

/** The mode as the Engine API has it. */
export function modeBody(inputs: ModeInputs): WireSpec["Mode"] {
  const { mode = "replicated", replicas = 1 } = inputs;
  if (mode === "global") return { Global: {} };
  if (mode === "global-job") return { GlobalJob: {} };
  if (mode === "replicated") return { Replicated: { Replicas: replicas } };
  const { maxConcurrent = replicas } = inputs;
  return { ReplicatedJob: { MaxConcurrent: maxConcurrent, TotalCompletions: replicas } };
}

/** The mode in the words of the inputs. */
export function modeSeen(live: NonNullable<WireSpec["Mode"]>): ModeInputs {
  if (isMap(live.Global)) return { mode: "global" };
  if (isMap(live.GlobalJob)) return { mode: "global-job" };
  if (!isMap(live.ReplicatedJob)) return { replicas: live.Replicated?.Replicas };
  const { TotalCompletions: replicas = 1, MaxConcurrent: maxConcurrent = 1 } = live.ReplicatedJob;
  return { mode: "replicated-job", replicas, maxConcurrent };
}
