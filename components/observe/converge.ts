import { cause } from "../engine/errors";
import type { LiveTask } from "../engine/live";
import { NoManagerError } from "../engine/managers";
import { askRegistry } from "../engine/registry";
import { sleep } from "../engine/waiting";
import type { ObserveContext } from "./context";
import { type Evidence, type Heard, heard, NO_EVIDENCE } from "./hopeless";
import { judge, type Verdict } from "./judge";
import { problemsOf } from "./report";
import { lookAt, type SwarmView } from "./swarm";

/** How often the swarm is checked, and how often progress is shown at most. */
const LOOK_MS = 1_000;
const SHOW_MS = 3_000;
/** How many characters of progress are shown, besides how many services are left out. */
const LINE = 160;
/** How often at most a registry is asked for an image. */
const ASK_MS = 10_000;
/** How long managers may be silent, for example while they elect a leader. */
const SILENCE_MS = 30_000;

/** How long to wait. */
export interface Patience {
  readonly timeoutMs: number;
  /** How long all tasks must keep running. */
  readonly steadyMs: number;
  /** Whether it is enough that containers have started. @default false */
  readonly started?: boolean;
}

/** The verdict on each service by name; one that does not exist counts as failed. */
export function judgeAll(
  names: readonly string[],
  view: SwarmView,
  now: number,
  evidence: Evidence = NO_EVIDENCE,
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
          : judge(service, byService.get(service.ID) ?? [], view.nodes, now, evidence),
      ];
    }),
  );
}

function missing(name: string): Verdict {
  const reason = "does not exist on the swarm";
  return {
    state: "failed",
    lines: [`${name}: ${reason}`],
    reasons: [reason],
    started: false,
    wanted: 0,
    good: [],
    job: false,
    remedies: ["run npm run refresh, then npm run up to recreate it"],
    restless: [],
  };
}

/** How services were when a wait for them ended. */
export interface Settled {
  readonly view: SwarmView;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** How long it took in words, when the time was up; otherwise empty. */
  readonly when: string;
}

/** {@link settle}, then what is wrong, empty when all is well. */
export async function waitForServices(
  names: readonly string[],
  patience: Patience,
  context: ObserveContext,
): Promise<string[]> {
  const { verdicts, when } = await settle(names, patience, context);
  return await problemsOf(verdicts, when, context);
}

/**
 * Waits until all services are steady. Stops before the time is up only when each one is steady or failed
 * for certain.
 * @throws when the operation is aborted or no manager answers for half a minute
 */
export async function settle(
  names: readonly string[],
  patience: Patience,
  context: ObserveContext,
): Promise<Settled> {
  const start = Date.now();
  const timeout = start + patience.timeoutMs;
  const quiet = new Quiet();
  let shown = { text: "", at: 0 };
  let answered = start;
  let learnt: Learnt | undefined;
  for (;;) {
    const view = await lookAt(names, context).catch((error: unknown) => {
      const over = Date.now() - answered > SILENCE_MS;
      if (context.signal.aborted || over || isLocked(error)) throw error;
      context.log(`no manager answers: ${cause(error)}`);
    });
    const now = Date.now();
    if (view === undefined) {
      await sleep(LOOK_MS, context.signal);
      continue;
    }
    answered = now;
    learnt ??= new Learnt(view);
    const judged = judgeAll(names, view, now, learnt);
    const verdicts = patience.started === true ? takenAsStarted(judged) : judged;
    const all = [...verdicts.values()];
    learnt.ask(all, context);
    const since = quiet.since(verdicts, now);
    const open = all.filter(({ state }) => state === "converging");
    const steady = now - since >= patience.steadyMs;
    if (open.length === 0 && steady) return { view, verdicts, when: "" };
    // What started to run only as the time ended must still show that it stays up.
    if (now >= timeout + (open.length === 0 ? patience.steadyMs : 0)) {
      const when = ` after ${Math.round((now - start) / 1000)}s`;
      return { view, verdicts: quiet.unsettled(verdicts, now - patience.steadyMs), when };
    }
    const text = progress(all, open);
    if (text !== shown.text && now - shown.at >= SHOW_MS) {
      context.log(text);
      shown = { text, at: now };
    }
    await sleep(LOOK_MS, context.signal);
  }
}

/** What a wait learns as it goes on. */
class Learnt implements Evidence {
  readonly before: ReadonlySet<string>;
  readonly absent = new Set<string>();
  private readonly askedAt = new Map<string, number>();
  private readonly heard = new Map<string, Heard>();

  constructor({ tasks }: SwarmView) {
    const ended = ["failed", "rejected", "complete"];
    const old = tasks.filter(({ Status }) => ended.includes(Status?.State ?? ""));
    this.before = new Set(old.map(({ ID }) => ID));
  }

  /** Asks registries for images that no node could pull; the answers count once they come. */
  ask(verdicts: readonly Verdict[], context: ObserveContext): void {
    for (const image of verdicts.flatMap(({ inDoubt = [] }) => inDoubt)) {
      if (Date.now() - (this.askedAt.get(image) ?? 0) < ASK_MS) continue;
      this.askedAt.set(image, Date.now());
      void askRegistry(image, context)
        .then(() => "", cause)
        .then((said) => this.note(image, said));
    }
  }

  private note(image: string, said: string): void {
    const known = heard(said, this.heard.get(image) ?? {}, Date.now());
    this.heard.set(image, known);
    if (known.absent) this.absent.add(image);
    else this.absent.delete(image);
  }
}

/** The verdicts, where one whose containers have started is as wanted. */
function takenAsStarted(verdicts: ReadonlyMap<string, Verdict>): ReadonlyMap<string, Verdict> {
  return new Map(
    [...verdicts].map(([name, verdict]) => [
      name,
      verdict.started ? { ...verdict, state: "steady" as const } : verdict,
    ]),
  );
}

/** True when waiting for managers is pointless: those that answer wait for their key. */
function isLocked(error: unknown): boolean {
  return error instanceof NoManagerError && error.locked.length > 0;
}

/** When the services reached their current state. */
class Quiet {
  private readonly marks = new Map<string, { readonly key: string; readonly since: number }>();

  /** When the last of them changed. */
  since(verdicts: ReadonlyMap<string, Verdict>, now: number): number {
    for (const [name, { state, good, job }] of verdicts) {
      // What is done stays done.
      if (job && state === "steady") {
        this.marks.delete(name);
        continue;
      }
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
  if (lines.length === 0) return `${done}, watching that they stay that way`;
  const shown = fitting(lines, all.length > 1 ? LINE - done.length : LINE);
  return all.length > 1 ? `${done}: ${shown}` : shown;
}

/** As many of the texts as fit, at least the first one, cut where it is too long. */
function fitting(lines: readonly string[], room: number): string {
  const [first = "", ...others] = lines;
  const shown = [first.length > room ? `${first.slice(0, room - 1)}…` : first];
  for (const line of others) {
    if ([...shown, line].join(" | ").length > room) break;
    shown.push(line);
  }
  const more = lines.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`and ${more} more`])].join(" | ");
}
