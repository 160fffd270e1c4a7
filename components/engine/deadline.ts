import type { Request, Send } from "./client";
import { cause, isAdrift, isDeposed, isNotFound, statusOf } from "./errors";
import { sleep } from "./waiting";

/** Longest time a Docker engine may take to answer a request. */
const DEADLINE_MS = 30_000;

/** How often a request goes out while managers lose their way to the leader, and the pause in between. */
const TRIES = 4;
const PAUSE_MS = 1_000;

/** What to do about one request that failed. */
export interface Recovery {
  /** Called when the Docker engine did not answer (`hung`: not in time), or can no longer speak for the swarm. */
  onFailure(hung: boolean): void;
  /** True when another Docker engine may answer instead. */
  readonly failover: boolean;
}

/** The same with a deadline for each request, and more tries on another Docker engine where that is safe. */
export function withDeadline(send: Send, name: string, prepare: () => Recovery): Send {
  const attempt = async (request: Request, tried: number): Promise<unknown> => {
    const recovery = prepare();
    const { method, path, signal: given } = request;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), DEADLINE_MS);
    const signal = given ? AbortSignal.any([given, deadline.signal]) : deadline.signal;
    try {
      return await Promise.race([send({ ...request, signal }), aborted(signal)]);
    } catch (error) {
      if (given?.aborted === true) throw error;
      // An earlier try, whose answer was lost on its way, has removed it.
      if (tried > 1 && method === "DELETE" && isNotFound(error)) return undefined;
      const failure = failureOf(error);
      if (failure !== undefined) recovery.onFailure(deadline.signal.aborted);
      const late = `${name} did not answer ${method} ${path} within ${DEADLINE_MS / 1000} s`;
      if (!recovery.failover || !mayRepeat(request, failure, tried)) {
        throw deadline.signal.aborted ? new Error(late) : error;
      }
      if (failure === "adrift") await sleep(PAUSE_MS, given ?? new AbortController().signal);
    } finally {
      clearTimeout(timer);
    }
    return await attempt(request, tried + 1);
  };
  return (request) => attempt(request, 1);
}

/** Why another Docker engine may do better; undefined when it would answer the same. */
type Failure = "silent" | "deposed" | "adrift";

function failureOf(error: unknown): Failure | undefined {
  if (statusOf(error) === undefined) return "silent";
  if (isDeposed(error)) return "deposed";
  return isAdrift(error) ? "adrift" : undefined;
}

/** False when a second time could do more than the first. */
function mayRepeat({ method, query }: Request, failure: Failure | undefined, tried: number) {
  if (failure === "adrift") {
    // A write that names the version it read can succeed only once.
    const isHarmless = method !== "POST" || (query !== undefined && "version" in query);
    return isHarmless && tried < TRIES;
  }
  return tried === 1 && (failure === "deposed" || (failure === "silent" && method === "GET"));
}

/** Rejects when the signal is aborted: a stream of a lost connection may never report its end. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new Error(cause(signal.reason)));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

/** The value of a promise, or an error after `ms`. */
export function within<T>(promise: Promise<T>, ms: number, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
