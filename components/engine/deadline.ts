import type Docker from "dockerode";
import { cause, isDeposed, statusOf } from "./errors";

/** Longest time an engine may take to answer a request that is no stream. */
const DEADLINE_MS = 30_000;

/** What to do about one request that failed. */
export interface Recovery {
  /** Called when the engine did not answer (`hung`: not in time), or cannot speak for the swarm any more. */
  onFailure(hung: boolean): void;
  /** True when another engine may answer instead. */
  readonly failover: boolean;
}

interface Dial {
  readonly path: string;
  readonly method: string;
  readonly isStream?: boolean;
  readonly hijack?: boolean;
  readonly abortSignal?: AbortSignal;
}
type Answer = (error: Error | null, result?: unknown) => void;

/** Gives every request of a client a deadline, and a second try on another engine where that is safe. */
export function addDeadline(docker: Docker, name: string, prepare: () => Recovery): void {
  const modem = docker.modem as { dial(options: Dial, answer: Answer): void };
  const dial = modem.dial.bind(modem);
  const attempt = (options: Dial, last: boolean, answer: Answer) => {
    const recovery = prepare();
    const abort = new AbortController();
    const exempt = options.isStream === true || options.hijack === true;
    const timer = exempt ? undefined : setTimeout(() => abort.abort(), DEADLINE_MS);
    let answered = false;
    const given = options.abortSignal;
    const abortSignal = given ? AbortSignal.any([given, abort.signal]) : abort.signal;
    const settle: Answer = (error, result) => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      if (!error || given?.aborted === true) {
        answer(error, result);
        return;
      }
      const silent = statusOf(error) === undefined;
      const deposed = isDeposed(error);
      if (silent || deposed) {
        recovery.onFailure(abort.signal.aborted);
      }
      const repeatable = deposed || (silent && options.method === "GET");
      if (recovery.failover && repeatable && !last) {
        attempt(options, true, answer);
        return;
      }
      const path = options.path.replace(/\?.*$/, "");
      const late = `${name} did not answer ${options.method} ${path} within ${DEADLINE_MS / 1000} s`;
      answer(abort.signal.aborted ? new Error(late) : error);
    };
    // A stream of a connection that is gone may never tell that it was ended.
    abortSignal.addEventListener("abort", () => settle(new Error(cause(abortSignal.reason))), {
      once: true,
    });
    dial({ ...options, abortSignal }, settle);
  };
  modem.dial = (options, answer) => attempt(options, false, answer);
}
