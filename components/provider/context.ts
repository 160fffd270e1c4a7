import type Docker from "dockerode";
import { cause } from "./engine-errors";
import type { Leftovers } from "./leftovers";

/** What an operation on the swarm may use: the C of a Kind. */
export interface KindContext {
  readonly urn: string;
  /** Labels that every object carries: stack and URN. */
  readonly labels: { readonly [key: string]: string };
  /** Secret salt of the stack. */
  readonly salt: string | undefined;
  /** Aborted on cancel, on the resource's custom timeout and when the CLI is gone. */
  readonly signal: AbortSignal;
  /** Shows what is being waited for beside the resource. */
  log(message: string): void;
  /** Shows a warning that stays in the output. */
  warn(message: string): void;
  /**
   * The engine of any manager that answers; requests go to another one when it fails.
   * @throws NoManagerError when none answers
   */
  manager(): Promise<Docker>;
  /** The engine of one host, by its name. */
  node(name: string): Promise<Docker>;
  /** Names of the hosts that `node` knows. */
  readonly nodes: readonly string[];
  /** What could not be removed yet, of all operations of this run. */
  readonly leftovers: Leftovers;
  /** Value of X-Registry-Auth for the image's registry, undefined when none is configured. */
  registryAuth(image: string): string | undefined;
}

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
 * Asks until `attempt` gives something other than undefined, or the time is over (then undefined).
 * @throws whatever `attempt` throws, and when the operation is aborted
 */
export async function poll<T>(
  context: Pick<KindContext, "signal">,
  times: { readonly timeoutMs: number; readonly everyMs: number },
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + times.timeoutMs;
  for (;;) {
    const result = await attempt();
    if (result !== undefined || Date.now() + times.everyMs > end) {
      return result;
    }
    await sleep(times.everyMs, context.signal);
  }
}
