import { isDeepStrictEqual } from "node:util";
import type { LiveTask } from "../engine/live";
import type { WireTemplate } from "../model/service/wire";

/** Whether a task was made from this template. Placement is ignored: swarm keeps a task that still fits. */
export function isCurrent(task: LiveTask, template: WireTemplate | undefined): boolean {
  const part = (of: WireTemplate | undefined) => {
    const { ContainerSpec, Resources, RestartPolicy, Networks, LogDriver, ForceUpdate } = of ?? {};
    return { ContainerSpec, Resources, RestartPolicy, Networks, LogDriver, ForceUpdate };
  };
  return isDeepStrictEqual(part(task.Spec), part(template));
}
