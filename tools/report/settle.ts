import { setTimeout as pause } from "node:timers/promises";
import type { Live, LiveService } from "./live";

/** How a wait for tasks is done; tests put their own clock in. */
export interface SettleOptions {
  /** Services that have to run. */
  readonly names: readonly string[];
  /** Seconds to wait at most. @default 120 */
  readonly seconds?: number;
  /** Told whenever what is missing changes. */
  readonly say: (line: string) => void;
  /** Milliseconds. @default Date.now */
  readonly now?: () => number;
  /** @default one second */
  readonly rest?: () => Promise<unknown>;
}

/** Services among `names` that have fewer running tasks than they want. Pure. */
export function missingOf(live: Live, names: readonly string[]): readonly LiveService[] {
  return live.services.filter(
    ({ name, running, wanted }) => names.includes(name) && running < wanted,
  );
}

/** Names of services that are not on the swarm; waiting does not bring them back. Pure. */
export function absentOf(live: Live, names: readonly string[]): readonly string[] {
  const there = live.services.map(({ name }) => name);
  return names.filter((name) => !there.includes(name));
}

/**
 * Reads until every service runs all its tasks, or the time is over.
 *
 * An `up` that changes no service has nothing that waits for tasks, but machines that it started
 * again have some that are only on their way.
 *
 * @returns what was read last
 */
export async function settle(read: () => Promise<Live>, options: SettleOptions): Promise<Live> {
  const { names, seconds = 120, say, now = Date.now, rest = () => pause(1000) } = options;
  const end = now() + seconds * 1000;
  let said = "";
  for (;;) {
    const live = await read();
    const missing = missingOf(live, names);
    if (missing.length === 0 || now() >= end) return live;
    const line = `Waiting for ${missing.map(countOf).join(", ")}.`;
    if (line !== said) say(line);
    said = line;
    await rest();
  }
}

/** What to say of services that do not run or are not there; nothing when all run. Pure. */
export function complaints(live: Live, names: readonly string[], stack: string): readonly string[] {
  const missing = missingOf(live, names);
  const absent = absentOf(live, names);
  return [
    ...(missing.length === 0
      ? []
      : [
          `Not everything runs: ${missing.map(countOf).join(", ")}.`,
          `See why: npm run docker -- -s ${stack} -- service ps --no-trunc ${missing.map(({ name }) => name).join(" ")}`,
        ]),
    ...(absent.length === 0
      ? []
      : [
          `Made, but not on the swarm any more: ${absent.join(", ")}.`,
          `To make it again, type: npm run up -- -s ${stack} --refresh`,
        ]),
  ];
}

function countOf({ name, running, wanted }: LiveService): string {
  return `${name} (${running} of ${wanted})`;
}
