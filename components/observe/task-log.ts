import { cause } from "../engine/errors";
import type { LiveTask } from "../engine/live";
import { printable } from "../model/printable";
import type { ObserveContext } from "./context";

const LINES = 10;
const TIMEOUT_MS = 5_000;
const LONGEST = 300;

/** The last lines that a task wrote, wherever it ran. Says so when they are unavailable. */
export async function lastLog(task: LiveTask, context: ObserveContext): Promise<string[]> {
  // A task that never started has written nothing.
  if (task.Status?.State === "rejected" || !task.NodeID) return [];
  const docker = await context.manager();
  const late = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const signal = AbortSignal.any([context.signal, late]);
    return readable(await docker.taskLog(task.ID, LINES, signal));
  } catch (error) {
    const reason = late.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : cause(error);
    return [`(the log cannot be read: ${reason})`];
  }
}

/** The lines of a log, whether it is framed (8 bytes before each piece) or raw, as a terminal's is. */
export function readable(body: Buffer): string[] {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + 8 <= body.length && (body[at] ?? 9) <= 2 && body.readUIntBE(at + 1, 3) === 0) {
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
