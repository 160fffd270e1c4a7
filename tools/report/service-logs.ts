import { closeSync, createReadStream, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How often logs are asked for: swarm forgets a task of a crash loop every few seconds. */
const TRIES = 5;

/** Whether a docker command prints the logs that a service has, and then ends. Pure. */
export function printsLogs(words: readonly string[]): boolean {
  const follows = words.some((word) => word === "--follow" || /^-[a-z]*f/.test(word));
  return words[0] === "service" && words[1] === "logs" && !follows;
}

/** Whether a task of a service was forgotten while its log was read; a service that does not exist is not meant. Pure. */
export function forgotTask(said: string): boolean {
  return /\btask \S+ not found|no such task(?! or service)/i.test(said);
}

/** Where the output of a command goes, as numbers of open files. */
export interface Outputs {
  readonly stdout: number;
  readonly stderr: number;
}

/**
 * Prints logs of a service, and asks again when swarm forgot a task meanwhile: docker gives up then, in the middle.
 *
 * @param run runs the command once and gives its exit status
 * @param folder for the output of one run, until it is known to be whole
 * @returns the exit status of the last run
 */
export async function printLogs(
  run: (outputs: Outputs) => Promise<number>,
  folder: string,
  to: { readonly stdout: Writable; readonly stderr: Writable } = process,
): Promise<number> {
  const [out, err] = [join(folder, "stdout"), join(folder, "stderr")];
  for (let tried = 1; ; tried += 1) {
    const outputs = { stdout: openSync(out, "w"), stderr: openSync(err, "w") };
    const status = await run(outputs).finally(() => Object.values(outputs).forEach(closeSync));
    if (status !== 0 && tried < TRIES && forgotTask(readFileSync(err, "utf8"))) continue;
    await pipeline(createReadStream(out), to.stdout, { end: false });
    await pipeline(createReadStream(err), to.stderr, { end: false });
    return status;
  }
}
