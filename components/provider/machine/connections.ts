import type { Input } from "../../engine/command";
import { connectionRule } from "../../engine/endpoints";
import { type Connection, LoginError, pinned } from "../../engine/login";
import { rootShell } from "../../engine/root-shell";
import { HostConnection } from "../../engine/ssh";
import { printable } from "../../model/printable";
import type { KindContext } from "../context";

/** Reads how to reach a machine. */
export function readConnection(json: string): Connection {
  return connectionRule.parse(JSON.parse(json));
}

/** One connection for each machine and process, whatever runs on it. */
const pool = new Map<string, HostConnection<Connection>>();

function connected(json: string): HostConnection<Connection> {
  const way = readConnection(json);
  const key = JSON.stringify(way);
  const known = pool.get(key);
  if (known !== undefined) return known;
  const made = new HostConnection(way);
  pool.set(key, made);
  return made;
}

/**
 * Takes over an open connection, for what runs on its machine later: that brings the host keys which were seen.
 * One that is not needed is closed.
 */
export function keep(
  host: HostConnection<Connection>,
  { hostKey, hopKeys }: { readonly hostKey: string; readonly hopKeys: readonly string[] },
): void {
  const key = JSON.stringify(connectionRule.parse(pinned(host.endpoint, hostKey, hopKeys)));
  if (pool.has(key)) host.close();
  else pool.set(key, host);
}

/** How often a machine that lets nobody in is tried, and how long in between. */
const TRIES = 4;
const PAUSE_MS = 3_000;

/** What to run on a machine. */
export interface Work {
  /** How to reach it, as JSON. */
  readonly connection: string;
  /** Bash, run as root. */
  readonly script: string;
  /** Made for each try. */
  readonly input: () => Input;
  readonly seconds: number;
}

/**
 * Runs a script as root on a machine. @returns what it printed
 *
 * @throws Error with the machine, the end of what the script printed, and what to check
 */
export async function runAsRoot(work: Work, context: KindContext): Promise<string> {
  return await runOn(connected(work.connection), work, context);
}

/** The same over a connection that nothing used before, and nothing uses after. */
export async function runOverNewConnection(work: Work, context: KindContext): Promise<string> {
  const host = new HostConnection(readConnection(work.connection));
  try {
    return await runOn(host, work, context);
  } finally {
    host.close();
  }
}

async function runOn(
  host: HostConnection<Connection>,
  work: Work,
  context: KindContext,
): Promise<string> {
  const { user, host: address, port } = host.endpoint;
  const place = `${user}@${address}:${port}`;
  const { command, head } = rootShell(work.script, work.seconds, host.endpoint);
  await reach(host, place, context);
  const { stdout, stderr, status } = await host.run(
    command,
    after(head, work.input()),
    context.signal,
  );
  if (status === 0) return stdout;
  const said = [stdout, stderr].map((text) => text.trim().slice(-4_000)).filter((text) => text);
  throw new Error(
    `on ${place} ${endOf(status, work.seconds)}${said.length > 0 ? ":" : ""}\n${printable(said.join("\n"))}`,
  );
}

function endOf(status: number | undefined, seconds: number): string {
  if (status === undefined) return "the connection was lost while a script ran";
  return status === 124 ? `a script took more than ${seconds} s` : `a script ended with ${status}`;
}

async function reach(
  host: HostConnection<Connection>,
  place: string,
  context: KindContext,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await host.keys();
      return;
    } catch (error) {
      const hopeful = error instanceof LoginError && !final.includes(error.trouble);
      if (!hopeful || tries >= TRIES || context.signal.aborted) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Unreachable(`${place} cannot be reached: ${printable(reason)}`);
      }
      context.log(`${place}: ${error.message}; trying again`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Reasons that another try does not change. */
const final: readonly string[] = [
  "key file",
  "locked key",
  "passphrase",
  "bad key",
  "agent",
  "host key",
  "login",
];

/** A machine that nobody can log in to. */
export class Unreachable extends Error {}

async function* after(head: string, input: Input): AsyncIterable<Buffer | string> {
  if (head !== "") yield head;
  yield* input;
}
