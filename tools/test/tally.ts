/** Something that was not run, and why. */
export interface Skip {
  readonly name: string;
  readonly reason: string;
}

/** How many tests ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly Skip[];
}

/** Nothing was run. */
export const nothing: Tally = { passed: 0, failed: [], skipped: [] };

/** One check as a test. Pure. */
export function oneCheck(name: string, passed: boolean): Tally {
  return passed ? { ...nothing, passed: 1 } : { ...nothing, failed: [name] };
}

/** A suite that was not run. Pure. */
export function oneSkip(name: string, reason: string): Tally {
  return { ...nothing, skipped: [{ name, reason }] };
}

/** All together. Pure. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.flatMap(({ failed }) => failed),
    skipped: tallies.flatMap(({ skipped }) => skipped),
  };
}

/** More skips than this in one group, all for the same reason, become one line. */
const manySkips = 3;

/** The summary of the run; the numbers come last. Pure. */
export function closingLines({ passed, failed, skipped }: Tally): readonly string[] {
  return [
    ...skipLines(skipped),
    ...failed.map((name) => `failed: ${name}`),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ];
}

function skipLines(skipped: readonly Skip[]): readonly string[] {
  const groups = new Map<string, Skip[]>();
  for (const skip of skipped) {
    // File and outermost group.
    const key = `${skip.name.split(" > ").slice(0, 2).join(" > ")}: ${skip.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), skip]);
  }
  return [...groups].flatMap(([key, skips]) =>
    skips.length > manySkips
      ? [`skipped: ${skips.length} tests of ${key}`]
      : skips.map(({ name, reason }) => `skipped: ${name}: ${reason}`),
  );
}
