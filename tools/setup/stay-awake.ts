import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "./failure";
import { interruption } from "./interruption";
import { must } from "./processes";
import type { Session } from "./session";
import { halfDeleted } from "./settle";
import type { Exported } from "./stack";
import { listSleeping, type SleepingContainer } from "./wake";

/** Pause between two looks. */
const LOOK_MS = 3_000;
/** A host that stops more often than this does not run for a reason of its own. */
const MOST_STARTS = 3;

/**
 * Hosts to start while `up` runs: those that have stopped although the state has them and Pulumi is
 * not removing them at the moment. Pure.
 *
 * @param state as it is now
 */
export function fallenAsleep(
  containers: readonly SleepingContainer[],
  state: Exported,
): readonly SleepingContainer[] {
  const known = new Set((state.deployment?.resources ?? []).map(({ id }) => id));
  const leaving = new Set(halfDeleted(state).map(({ id }) => id));
  return containers.filter(
    ({ id, kind, state: is }) =>
      kind === "node" && is === "exited" && known.has(id) && !leaving.has(id),
  );
}

/**
 * Looks every few seconds whether a host has stopped, and starts it: Pulumi would dial a dead host for
 * minutes. Only hosts that existed when it began are looked after.
 *
 * @returns ends it
 */
export function stayAwake({
  stack,
  owner,
  progress,
}: Pick<Session, "stack" | "owner" | "progress">): () => Promise<void> {
  const ended = new AbortController();
  const starts = new Map<string, number>();
  const look = async () => {
    const sleeping = (await listSleeping(owner)).filter(
      ({ id }) => (starts.get(id) ?? 0) < MOST_STARTS,
    );
    if (sleeping.length === 0) return;
    for (const { id, name } of fallenAsleep(sleeping, await stack.peek())) {
      starts.set(id, (starts.get(id) ?? 0) + 1);
      await must(`Starting ${name}`, "docker", ["start", id]);
      progress.line(`${name} had stopped; it was started again.`);
    }
  };
  const looking = (async () => {
    while (await pause(ended.signal)) {
      await look().catch((error: unknown) => {
        if (!isOver(ended.signal)) progress.line(messageOf(error));
      });
    }
  })();
  return async () => {
    ended.abort();
    await looking;
  };
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted || interruption.signal.aborted;
}

/** Waits until the next look. @returns false when there is none */
async function pause(signal: AbortSignal): Promise<boolean> {
  await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
  return !isOver(signal);
}
