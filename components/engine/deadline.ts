import type { Request, Send } from "./client";
import { cause, isDeposed, statusOf } from "./errors";

/** Longest time a Docker engine may take to answer a request. */
const DEADLINE_MS = 30_000;

/** What to do about one request that failed. */
export interface Recovery {
  /** Called when the Docker engine did not answer (`hung`: not in time), or can no longer speak for the swarm. */
  onFailure(hung: boolean): void;
  /** True when another Docker engine may answer instead. */
  readonly failover: boolean;
}

/** The same with a deadline for each request, and a second try on another Docker engine where that is safe. */
export function withDeadline(send: Send, name: string, prepare: () => Recovery): Send {
  const attempt = async (request: Request, last: boolean): Promise<unknown> => {
    const recovery = prepare();
    const { method, path, signal: given } = request;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), DEADLINE_MS);
    const signal = given ? AbortSignal.any([given, deadline.signal]) : deadline.signal;
    try {
      return await Promise.race([send({ ...request, signal }), aborted(signal)]);
    } catch (error) {
      if (given?.aborted === true) throw error;
      const silent = statusOf(error) === undefined;
      const deposed = isDeposed(error);
      if (silent || deposed) recovery.onFailure(deadline.signal.aborted);
      const repeatable = deposed || (silent && method === "GET");
      if (recovery.failover && repeatable && !last) return await attempt(request, true);
      const late = `${name} did not answer ${method} ${path} within ${DEADLINE_MS / 1000} s`;
      throw deadline.signal.aborted ? new Error(late) : error;
    } finally {
      clearTimeout(timer);
    }
  };
  return (request) => attempt(request, false);
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
