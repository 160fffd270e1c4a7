import { within } from "../engine/deadline";
import { cause } from "../engine/errors";
import type { LiveContainer, LiveTask } from "../engine/live";
import { askRegistry } from "../engine/registry";
import { readableBytes } from "../model/placement/room";
import { printable } from "../model/printable";
import type { ObserveContext } from "./context";

const TIMEOUT_MS = 5_000;
const LINES = 4;

/** Additional information about a failed task. */
export interface Findings {
  readonly lines: readonly string[];
  /** The fix, instead of the one that the task's own error suggests. */
  readonly remedies: readonly string[];
}

const NOTHING: Findings = { lines: [], remedies: [] };

/**
 * Inspects what is left of a failed task: its container on the node (out of memory, what the health
 * check said), or why the registry does not provide its image. Never throws; unavailable details are left out.
 */
export async function postMortem(
  task: LiveTask,
  hostname: string | undefined,
  context: ObserveContext,
): Promise<Findings> {
  const said = task.Status?.Err ?? "";
  try {
    if (/No such image/.test(said)) return await whyNoImage(task, context);
    const id = task.Status?.ContainerStatus?.ContainerID;
    if (!id || hostname === undefined || !context.nodes.includes(hostname)) return NOTHING;
    const engine = await within(context.node(hostname), TIMEOUT_MS, "late");
    const container = await within(engine.containers.inspect(id), TIMEOUT_MS, "late");
    return describeContainer(container, task);
  } catch {
    return NOTHING;
  }
}

async function whyNoImage(task: LiveTask, context: ObserveContext): Promise<Findings> {
  const image = task.Spec?.ContainerSpec?.Image ?? "";
  try {
    await askRegistry(image, context);
    return NOTHING;
  } catch (error) {
    const anonymous = context.registryAuth(image) === undefined ? " without credentials" : "";
    return {
      lines: [`asked for it${anonymous}, the registry says: ${cause(error)}`],
      remedies: [],
    };
  }
}

/** What a dead container reveals. Pure. */
export function describeContainer(
  { State = {} }: Pick<LiveContainer, "State">,
  task: LiveTask,
): Findings {
  if (State.OOMKilled === true) {
    const limit = task.Spec?.Resources?.Limits?.MemoryBytes;
    return limit
      ? {
          lines: [`it ran out of memory: its limit is ${readableBytes(limit)}`],
          remedies: [
            "raise `resources.limits.memory` of the service, or make the program use less",
          ],
        }
      : {
          lines: ["it ran out of memory: the node had no more"],
          remedies: ["give the service `resources` and the nodes more memory"],
        };
  }
  const last = (State.Health?.Log ?? []).at(-1);
  if (last === undefined || (last.ExitCode ?? 0) === 0) return NOTHING;
  const words = printable(last.Output ?? "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-LINES);
  return {
    lines: [
      `its health check ended with exit code ${last.ExitCode}${words.length === 0 ? " and said nothing" : ":"}`,
      ...words.map((line) => `  ${line}`),
    ],
    remedies: [],
  };
}
