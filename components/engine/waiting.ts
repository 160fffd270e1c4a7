import { cause } from "./errors";

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
