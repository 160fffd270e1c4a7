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
