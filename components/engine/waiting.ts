import { cause, isOutOfSequence } from "./errors";

/** Resolves after `ms`; rejects when the operation is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(new Error(`stopped: ${cause(signal.reason)}`));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    if (signal.aborted) {
      abort();
    } else {
      signal.addEventListener("abort", abort, { once: true });
    }
  });
}

/**
 * Asks until `attempt` gives something other than undefined, or the time is up (then undefined).
 * @throws whatever `attempt` throws, and when the operation is aborted
 */
export async function poll<T>(
  context: { readonly signal: AbortSignal },
  times: { readonly timeoutMs: number; readonly everyMs: number },
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + times.timeoutMs;
  for (;;) {
    const result = await attempt();
    if (result !== undefined || Date.now() + times.everyMs > end) return result;
    await sleep(times.everyMs, context.signal);
  }
}

/** How often something is tried that may fail for a moment, and how long to wait in between. */
const TRIES = 3;
const PAUSE_MS = 3_000;

/**
 * Tries three times, three seconds apart, as long as `again` says that another try may end better.
 *
 * @param attempt gets the number of the try, from 1
 * @throws the last error, and when the operation is aborted
 */
export async function threeTimes<T>(
  context: { readonly signal: AbortSignal },
  attempt: (tried: number) => Promise<T>,
  again: (error: unknown) => boolean = () => true,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(tried);
    } catch (error) {
      if (context.signal.aborted || tried === TRIES || !again(error)) throw error;
      await sleep(PAUSE_MS, context.signal);
    }
  }
}

/**
 * Reads and writes an object of the swarm, again whenever someone else wrote in between, for ten seconds.
 * @returns what `write` gives; undefined when the object kept changing
 * @throws whatever else `write` throws, and when the operation is aborted
 */
export async function writeInTurn<T>(
  context: { readonly signal: AbortSignal },
  write: () => Promise<T>,
): Promise<T | undefined> {
  return await poll(context, { timeoutMs: 10_000, everyMs: 200 }, async () => {
    try {
      return await write();
    } catch (error) {
      if (isOutOfSequence(error)) return undefined;
      throw error;
    }
  });
}
