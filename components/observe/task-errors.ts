import type { LiveTask } from "../engine/live";
import { printable } from "../model/printable";
import type { Finality } from "./said/known";
import { mounts } from "./said/mounts";
import { networks } from "./said/networks";
import { nodes } from "./said/nodes";
import { programs } from "./said/programs";

/** How a task ended, in words. */
export interface Ending {
  /** What went wrong. */
  readonly text: string;
  /** The fix; undefined when only the program's own output helps. */
  readonly remedy?: string;
  /**
   * Where no further try can end better: `anywhere`, `on this node` (another may differ), or `image`
   * (when the registry says that it has none). @default a further try may end better
   */
  readonly final?: Finality;
}

/** What Docker engines say when a container fails; the first match counts. */
const KNOWN = [...mounts, ...networks, ...nodes, ...programs];

/** Describes how a task failed, or ended although it should have kept running. Pure. */
export function endingOf(task: LiveTask): Ending {
  const { Status } = task;
  const exit = Status?.ContainerStatus?.ExitCode ?? 0;
  if (Status?.State === "complete") {
    return {
      text: `its program ended on its own with exit code ${exit}`,
      remedy:
        "keep the program running in the foreground, or give a service that is meant to end `mode: replicated-job`",
    };
  }
  const whole = printable(Status?.Err || Status?.Message || "no reason given");
  for (const { pattern, text, remedy, final } of KNOWN) {
    const match = pattern.exec(whole);
    if (match !== null) return { text: text(match, whole, task), remedy: remedy?.(match), final };
  }
  const known = exit === 0 || whole.includes(`(${exit})`);
  return { text: known ? whole : `${whole} (exit code ${exit})` };
}
