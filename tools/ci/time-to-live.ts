import type { Exported } from "../setup/stack";

const units: { readonly [unit: string]: number } = { h: 3_600_000, d: 86_400_000 };

/** A time such as `12h` or `3d` in milliseconds. Pure. */
export function milliseconds(time: string): number {
  const match = /^([1-9]\d*)([hd])$/.exec(time);
  if (match === null) throw new RangeError(`${time} is not a time such as 12h or 3d`);
  return Number(match[1]) * (units[match[2] ?? ""] ?? 0);
}

/** What to do with an environment that has a time to live. */
export type Verdict =
  | { readonly over: false; readonly why: string }
  | { readonly over: true; readonly why: string };

/**
 * Whether an environment has outlived its time, which restarts with every `up`. Pure.
 *
 * @param now milliseconds
 */
export function verdict(state: Exported, timeToLive: string | undefined, now: number): Verdict {
  if (timeToLive === undefined) return { over: false, why: "it has no time to live" };
  const resources = (state.deployment?.resources ?? []).filter(
    ({ type }) => type !== "pulumi:pulumi:Stack",
  );
  if (resources.length === 0) return { over: false, why: "it is not running" };
  const changed = Date.parse(state.deployment?.manifest?.time ?? "");
  // Without a time its age is unknown; an environment is not destroyed on a guess.
  if (Number.isNaN(changed)) return { over: false, why: "its state does not say when it changed" };
  const age = now - changed;
  const hours = `it last changed ${(age / 3_600_000).toFixed(1)} hours ago and lives for ${timeToLive}`;
  return { over: age > milliseconds(timeToLive), why: hours };
}
