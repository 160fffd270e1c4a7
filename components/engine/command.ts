import { once } from "node:events";
import type { Client, ClientChannel } from "ssh2";
import { cause } from "./errors";

/** What a command reads, in parts. */
export type Input = Iterable<Buffer | string> | AsyncIterable<Buffer | string>;

/** What a command printed and how it ended. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; undefined when a signal or the loss of the connection ended it. */
  readonly status: number | undefined;
}

/** Exit statuses of commands that have ended. */
const statuses = new WeakMap<ClientChannel, number>();

/** Starts a command in the login shell of the user. */
export function executed(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, stream) => {
      if (error) return reject(error);
      // Here and not later: a quick command has ended before anybody waits for it.
      stream.once("exit", (code: number | null) => {
        if (code !== null) statuses.set(stream, code);
      });
      resolve(stream);
    });
  });
}

/** Of what a command prints, the last letters. */
const longestOutput = 2 ** 20;

/** Gives a command its input, and waits until it has ended. */
export function outcomeOf(stream: ClientChannel, input: Input, signal: AbortSignal): Promise<Ran> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ["", ""];
    const stop = () => {
      reject(new Error(cause(signal.reason)));
      stream.destroy();
    };
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    stream.on("data", (chunk: Buffer) => {
      stdout = `${stdout}${chunk}`.slice(-longestOutput);
    });
    stream.stderr.on("data", (chunk: Buffer) => {
      stderr = `${stderr}${chunk}`.slice(-longestOutput);
    });
    stream.once("close", () => {
      signal.removeEventListener("abort", stop);
      resolve({ stdout, stderr, status: statuses.get(stream) });
    });
    // A command need not read its input.
    stream.on("error", () => undefined);
    feed(stream, input).catch((error: Error) => {
      reject(error);
      stream.destroy();
    });
  });
}

async function feed(stream: ClientChannel, input: Input): Promise<void> {
  for await (const part of input) {
    if (!stream.writable) return;
    if (!stream.write(part)) {
      await Promise.race(["drain", "close"].map((event) => once(stream, event)));
    }
  }
  stream.end();
}
