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

/** Services among `names` that have fewer running tasks than they want, or are not there. Pure. */
export function missingOf(live: Live, names: readonly string[]): readonly LiveService[] {
  const found = new Map(live.services.map((service) => [service.name, service]));
  return names
    .map((name) => found.get(name) ?? { name, running: 0, wanted: 1, nodes: [] })
    .filter(({ running, wanted }) => running < wanted);
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

/** What to say of services that do not run. Pure. */
export function complaint(missing: readonly LiveService[], stack: string): readonly string[] {
  const names = missing.map(({ name }) => name).join(" ");
  return [
    `Not everything runs: ${missing.map(countOf).join(", ")}.`,
    `See why: npm run docker -- -s ${stack} -- service ps --no-trunc ${names}`,
  ];
}

function countOf({ name, running, wanted }: LiveService): string {
  return `${name} (${running} of ${wanted})`;
}
