import { createHmac } from "node:crypto";
import { cause } from "../engine/errors";
import type { LiveTask } from "../engine/live";
import { sleep } from "../engine/waiting";
import type { LiveService } from "../model/service/wire";
import type { ObserveContext } from "./context";
import { judge, type Verdict } from "./judge";
import { problemsOf } from "./report";
import { lookAt, type SwarmView } from "./swarm";

/** How often the swarm is looked at, and how often at most progress is shown. */
const LOOK_MS = 1_000;
const SHOW_MS = 3_000;
/** How long managers may be silent, for example while they elect a leader. */
const SILENCE_MS = 30_000;

/** How long to wait. */
export interface Patience {
  readonly timeoutMs: number;
  /** How long all tasks must stay as they should. */
  readonly steadyMs: number;
}

/** What is said of each service by name; one that does not exist counts as failed. */
export function judgeAll(
  names: readonly string[],
  view: SwarmView,
  now: number,
): ReadonlyMap<string, Verdict> {
  const byService = new Map<string, LiveTask[]>();
  for (const task of view.tasks) {
    const id = task.ServiceID ?? "";
    byService.set(id, [...(byService.get(id) ?? []), task]);
  }
  return new Map(
    names.map((name) => {
      const service = view.services.get(name);
      return [
        name,
        service === undefined
          ? missing(name)
          : judge(service, byService.get(service.ID) ?? [], view.nodes, now),
      ];
    }),
  );
}

function missing(name: string): Verdict {
  const reason = "does not exist on the swarm; run a refresh, then up makes it again";
  return {
    state: "failed",
    lines: [`${name}: ${reason}`],
    reasons: [reason],
    good: [],
    remedies: [],
    restless: [],
  };
}

/**
 * Waits until all services are steady. Stops before the time is over only when each one is steady or failed
 * for certain. Returns what is wrong, empty when all is well.
 * @throws when the operation is aborted or no manager answers for half a minute
 */
export async function waitForServices(
  names: readonly string[],
  patience: Patience,
  context: ObserveContext,
): Promise<string[]> {
  const start = Date.now();
  const timeout = start + patience.timeoutMs;
  const quiet = new Quiet();
  let shown = { text: "", at: 0 };
  let answered = start;
  for (;;) {
    const view = await lookAt(names, context).catch((error: unknown) => {
      if (context.signal.aborted || Date.now() - answered > SILENCE_MS) throw error;
      context.log(`no manager answers: ${cause(error)}`);
    });
    const now = Date.now();
    if (view === undefined) {
      await sleep(LOOK_MS, context.signal);
      continue;
    }
    answered = now;
    const verdicts = judgeAll(names, view, now);
    const all = [...verdicts.values()];
    const since = quiet.since(verdicts, now);
    const open = all.filter(({ state }) => state === "converging");
    const steady = now - since >= patience.steadyMs;
    if (open.length === 0 && steady) return await problemsOf(verdicts, "", context);
    // What runs at last when the time is over must show yet that it stays so.
    if (now >= timeout + (open.length === 0 ? patience.steadyMs : 0)) {
      const when = ` after ${Math.round((now - start) / 1000)}s`;
      return await problemsOf(quiet.unsettled(verdicts, now - patience.steadyMs), when, context);
    }
    const text = progress(all, open);
    if (text !== shown.text && now - shown.at >= SHOW_MS) {
      context.log(text);
      shown = { text, at: now };
    }
    await sleep(LOOK_MS, context.signal);
  }
}

/** Since when services are as they are. */
class Quiet {
  private readonly marks = new Map<string, { readonly key: string; readonly since: number }>();

  /** When the last of them changed. */
  since(verdicts: ReadonlyMap<string, Verdict>, now: number): number {
    for (const [name, { state, good }] of verdicts) {
      const key = [state, ...good].join();
      if (this.marks.get(name)?.key !== key) this.marks.set(name, { key, since: now });
    }
    return Math.max(0, ...[...this.marks.values()].map(({ since }) => since));
  }

  /** The verdicts, where one whose tasks run now, but came after `limit`, is not steady. */
  unsettled(verdicts: ReadonlyMap<string, Verdict>, limit: number): ReadonlyMap<string, Verdict> {
    return new Map(
      [...verdicts].map(([name, verdict]) => {
        const late = (this.marks.get(name)?.since ?? 0) > limit;
        if (verdict.state !== "steady" || !late || verdict.restless.length === 0) {
          return [name, verdict];
        }
        return [name, { ...verdict, state: "converging", reasons: verdict.restless }];
      }),
    );
  }
}

function progress(all: readonly Verdict[], open: readonly Verdict[]): string {
  const done = `${all.length - open.length} of ${all.length} services settled`;
  const lines = open.flatMap((verdict) => verdict.lines);
  if (lines.length === 0) return `${done}, watching that they stay so`;
  const more = lines.length > 4 ? [`and ${lines.length - 4} more services`] : [];
  const shown = [...lines.slice(0, 4), ...more].join(" | ");
  return all.length > 1 ? `${done}: ${shown}` : shown;
}

/** A mark of what a service is to run, from which nothing can be guessed; undefined without a salt. */
export function fingerprint(
  service: LiveService | undefined,
  salt: string | undefined,
): string | undefined {
  if (service === undefined || salt === undefined) return undefined;
  const { TaskTemplate, Mode, EndpointSpec } = service.Spec;
  const text = JSON.stringify([TaskTemplate, Mode, EndpointSpec]);
  return createHmac("sha256", salt).update(text).digest("hex").slice(0, 16);
}
