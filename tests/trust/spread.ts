import * as http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sent } from "./requests";

/** How long a node may take to answer. */
const ANSWER_MS = 10_000;
/** How long all nodes may refuse a request before it has failed. */
const NOBODY_MS = 5_000;

/**
 * A client that spreads requests over nodes as a load balancer does: the next node gets those that one refuses, and
 * nobody asks twice for an answer that did not come.
 */
export class Spread {
  private readonly failures: string[] = [];
  private readonly started = Date.now();
  private readonly done: Promise<void>;
  private sent = 0;
  private stopped = false;

  constructor(private readonly urls: readonly string[]) {
    this.done = this.askAll();
  }

  /** Stops after the request that is under way, and says how it went. */
  async stop(): Promise<Sent> {
    this.stopped = true;
    await this.done;
    return { sent: this.sent, failed: this.failures.length, failures: this.failures };
  }

  private async askAll(): Promise<void> {
    while (!this.stopped) {
      const asked = Date.now();
      const problem = await this.askAny(this.sent);
      this.sent += 1;
      if (problem !== undefined) {
        this.failures.push(`${((asked - this.started) / 1000).toFixed(1)} s: ${problem}`);
      }
      await sleep(20);
    }
  }

  private async askAny(first: number): Promise<string | undefined> {
    const end = Date.now() + NOBODY_MS;
    for (let turn = first; Date.now() < end; turn += 1) {
      const answer = await ask(this.urls[turn % this.urls.length] ?? "");
      if (answer !== "refused") return answer;
      if ((turn - first + 1) % this.urls.length === 0) await sleep(50);
    }
    return "every node refuses it";
  }
}

/** @returns why the request failed, undefined when it did not */
function ask(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let connected = false;
    const signal = AbortSignal.timeout(ANSWER_MS);
    const request = http.get(url, { agent: false, signal }, (response) => {
      response.resume();
      response.on("error", (error) => resolve(error.message));
      response.on("end", () =>
        resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`),
      );
    });
    request.on("socket", (socket) =>
      socket.once("connect", () => {
        connected = true;
      }),
    );
    request.on("error", (error) => resolve(connected ? error.message : "refused"));
  });
}
