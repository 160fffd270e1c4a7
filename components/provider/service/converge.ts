import { createHmac } from "node:crypto";
import { type KindContext, sleep } from "../context";
import { cause } from "../engine-errors";
import { judge, type Verdict } from "./judge";
import { type LiveTask, lookAt, type SwarmView } from "./observed-swarm";
import { lastLog } from "./task-log";
import type { LiveService } from "./wire";

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
  return { state: "failed", lines: [`${name}: ${reason}`], reasons: [reason], good: [] };
}

/**
 * Waits until all services are steady. Stops before the time is over only when each one is steady or failed
 * for certain. Returns what is wrong, empty when all is well.
 * @throws when the operation is aborted or no manager answers for half a minute
 */
export async function waitForServices(
  names: readonly string[],
  patience: Patience,
  context: KindContext,
): Promise<string[]> {
  const start = Date.now();
  let shown = { text: "", at: 0 };
  let quiet = { key: "", since: start };
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
    const key = all.map(({ state, good }) => [state, ...good].join()).join(";");
    if (key !== quiet.key) quiet = { key, since: now };
    const open = all.filter(({ state }) => state === "converging");
    if (open.length === 0 && now - quiet.since >= patience.steadyMs) {
      return await problemsOf(verdicts, "", context);
    }
    if (now - start >= patience.timeoutMs) {
      const seconds = Math.round(patience.timeoutMs / 1000);
      return await problemsOf(verdicts, ` after ${seconds}s`, context);
    }
    const text = progress(all, open);
    if (text !== shown.text && now - shown.at >= SHOW_MS) {
      context.log(text);
      shown = { text, at: now };
    }
    await sleep(LOOK_MS, context.signal);
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

/** One text for each service that is not steady, with the end of the log of its newest failed task. */
export async function problemsOf(
  verdicts: ReadonlyMap<string, Verdict>,
  when: string,
  context: KindContext,
): Promise<string[]> {
  const bad = [...verdicts].filter(([, { state }]) => state !== "steady");
  const texts = bad.map(async ([name, verdict]) => {
    const reasons = verdict.reasons.map((reason) => `  ${reason}`);
    const log = verdict.failedTask ? await lastLog(verdict.failedTask, context) : [];
    const tail =
      log.length === 0 ? [] : ["  last lines of its log:", ...log.map((l) => `    ${l}`)];
    return [`service ${name} is not running as it should${when}:`, ...reasons, ...tail].join("\n");
  });
  return await Promise.all(texts);
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
