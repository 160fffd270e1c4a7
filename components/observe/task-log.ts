import type { EngineClient } from "../engine/client";
import { cause, isNotFound } from "../engine/errors";
import type { LiveTask } from "../engine/live";
import { printable } from "../model/printable";
import type { ObserveContext } from "./context";

const LINES = 10;
const TIMEOUT_MS = 5_000;
const LONGEST = 300;

/** How many tasks of a service are asked for: swarm forgets those of a crash loop after a few more. */
const TRIES = 3;

/**
 * The last lines that a task wrote, wherever it ran; when swarm has forgotten it since, those of a newer
 * one of its service that ended too. Says so when they are unavailable.
 */
export async function lastLog(task: LiveTask, context: ObserveContext): Promise<string[]> {
  // One that never started has written nothing.
  if (task.Status?.State === "rejected" || !task.NodeID) return [];
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([context.signal, late]);
  try {
    const docker = await context.manager();
    for (let tried = 1, from = task; ; tried += 1) {
      try {
        const lines = readable(await docker.taskLog(from.ID, LINES, signal));
        // What a Docker engine writes in place of a log that it began to send.
        if (lines.length === 1 && /^error grabbing logs/i.test(lines[0] ?? "")) {
          throw new Error(lines[0]);
        }
        return lines;
      } catch (error) {
        const newer = isForgotten(error) && tried < TRIES ? await newest(docker, from) : undefined;
        if (newer === undefined) throw error;
        from = newer;
      }
    }
  } catch (error) {
    const reason = late.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : cause(error);
    return [`(the log cannot be read: ${reason})`];
  }
}

/** The Docker engine says it at once, or in the middle of the log. */
function isForgotten(error: unknown): boolean {
  return isNotFound(error) || /\bnot found\b|no such task/i.test(cause(error));
}

/** The newest task of the same service that failed. */
async function newest(docker: EngineClient, than: LiveTask): Promise<LiveTask | undefined> {
  const tasks = await docker.tasks.list({ service: [than.ServiceID ?? ""] });
  return tasks
    .filter((one) => one.ID !== than.ID && one.Status?.State === "failed")
    .sort((one, other) => (other.CreatedAt ?? "").localeCompare(one.CreatedAt ?? ""))[0];
}

/** The lines of a log, and what the Docker engine says of it, framed (8 bytes before each piece) or raw, as a terminal's is. */
export function readable(body: Buffer): string[] {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + 8 <= body.length && (body[at] ?? 9) <= 3 && body.readUIntBE(at + 1, 3) === 0) {
    const size = body.readUInt32BE(at + 4);
    pieces.push(body.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  const text = at === 0 ? body : Buffer.concat(pieces);
  return printable(text.toString("utf8"))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-LINES)
    .map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
}
