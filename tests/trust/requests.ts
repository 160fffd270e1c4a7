import * as http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How a client that asks all the time fared. */
export interface Sent {
  readonly sent: number;
  readonly failed: number;
  /** When and why each failed request did: seconds since the first one, and the reason. */
  readonly failures: readonly string[];
}

/** How often a client asks, and for how long it may. */
export interface Pace {
  /** Pause between an answer and the next request. @default 100 */
  readonly everyMs?: number;
  /** A request without an answer after this time has failed. @default 5000 */
  readonly timeoutMs?: number;
  /** It stops on its own after this many requests, so that a forgotten one ends. @default 20000 */
  readonly most?: number;
}

/** A client that asks an address all the time, each time on a new connection, until it is stopped. */
export class Requests {
  private readonly failures: string[] = [];
  private readonly started = Date.now();
  private readonly done: Promise<void>;
  private sent = 0;
  private stopped = false;

  /** Begins to ask at once; anything but a status of 2xx has failed. */
  constructor(
    private readonly url: string,
    private readonly pace: Pace = {},
  ) {
    this.done = this.askAll();
  }

  /** Requests so far. */
  get count(): number {
    return this.sent;
  }

  /** Stops after the request that is under way, and says how it went. */
  async stop(): Promise<Sent> {
    this.stopped = true;
    await this.done;
    return { sent: this.sent, failed: this.failures.length, failures: this.failures };
  }

  private async askAll(): Promise<void> {
    const { everyMs = 100, timeoutMs = 5000, most = 20_000 } = this.pace;
    while (!this.stopped && this.sent < most) {
      const asked = Date.now();
      this.sent += 1;
      const problem = await ask(this.url, timeoutMs);
      if (problem !== undefined) {
        this.failures.push(`${((asked - this.started) / 1000).toFixed(1)} s: ${problem}`);
      }
      await sleep(everyMs);
    }
  }
}

/** @returns why the request failed, undefined when it did not */
function ask(url: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = http.get(url, { agent: false, signal }, (response) => {
      response.resume();
      response.on("error", (error) => resolve(error.message));
      response.on("end", () => {
        const { statusCode = 0 } = response;
        resolve(statusCode >= 200 && statusCode < 300 ? undefined : `status ${statusCode}`);
      });
    });
    request.on("error", (error) =>
      resolve(signal.aborted ? `no answer in ${timeoutMs} ms` : error.message),
    );
  });
}
