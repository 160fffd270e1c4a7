import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint } from "../../components/engine/endpoints";
import { connect, type Transport } from "../../components/engine/transport";
import { unlockManager } from "../../components/engine/unlocking";
import { messageOf } from "./failure";
import { interruption } from "./interruption";
import type { Progress } from "./progress";
import type { Session } from "./session";
import type { Exported, Stack } from "./stack";
import { endpointsIn, hasUnlockKey, unlockKeysIn } from "./state-secrets";

/** Pause between two looks while another command runs. */
const LOOK_MS = 5_000;

/**
 * Unlocks the managers of a swarm with autolock whose Docker engines restarted, with the key in the state, and
 * says so. Without autolock it contacts nobody.
 *
 * @param state the state as it is. @default it is read
 */
export async function unlock({ stack, progress }: Session, state?: Exported): Promise<void> {
  if (!stack.exists() || !hasUnlockKey(state ?? (await stack.peek()))) return;
  const clear = await stack.exportClear();
  const [endpoints, keys] = [endpointsIn(clear), unlockKeysIn(clear)];
  const transport = connect(endpoints);
  try {
    const lines = await progress.during("looking for locked managers", () =>
      unlockAll(endpoints, keys, transport),
    );
    for (const line of lines) progress.line(line);
  } finally {
    transport.close();
  }
}

/** Unlocks all managers that are locked. @returns what it did, a line for each of them */
export async function unlockAll(
  endpoints: readonly Endpoint[],
  keys: readonly string[],
  transport: Pick<Transport, "node">,
): Promise<readonly string[]> {
  const managers = endpoints.filter(({ role }) => role === "manager");
  const lines = await Promise.all(
    managers.map(async ({ name }) => {
      try {
        const done = await unlockManager(await transport.node(name), keys);
        if (done.kind === "open") return [];
        return done.kind === "unlocked"
          ? [`Unlocked the manager ${name}: its Docker engine had restarted.`]
          : [`The manager ${name} stays locked: ${done.reason}.`];
      } catch (error) {
        return [`It is not known whether the manager ${name} is locked: ${messageOf(error)}`];
      }
    }),
  );
  return lines.flat();
}

/**
 * Looks every few seconds whether a manager is locked, and unlocks it: what `up` changes on a machine may restart
 * its Docker engine, and with too few managers left nothing that follows would work.
 *
 * @returns ends it
 */
export function stayUnlocked({
  stack,
  progress,
}: Pick<Session, "stack" | "progress">): () => Promise<void> {
  const ended = new AbortController();
  const isOver = () => ended.signal.aborted || interruption.signal.aborted;
  const looking = lookAround(stack, progress, isOver, ended.signal).catch((error: unknown) => {
    if (!isOver()) progress.line(messageOf(error));
  });
  return async () => {
    ended.abort();
    await looking;
  };
}

async function lookAround(
  stack: Stack,
  progress: Progress,
  isOver: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const state = await stack.exportClear();
  const endpoints = endpointsIn(state);
  let keys = unlockKeysIn(state);
  const transport = connect(endpoints);
  while (!isOver()) {
    const lines = await unlockAll(endpoints, keys, transport);
    for (const line of lines.filter((one) => one.startsWith("Unlocked"))) progress.line(line);
    // The run may have given the swarm another key.
    if (lines.some((line) => line.includes("stays locked"))) {
      keys = unlockKeysIn(await stack.exportClear());
    }
    await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
  transport.close();
}
