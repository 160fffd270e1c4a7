import type { Keys, Problem } from "../model/problem";

/**
 * Problems without those that only repeat another: a value that is missing because it was wrong and
 * therefore left out, a platform's part that the reader of its compose file refused already, and
 * everything that a base would have stated, when there is no such base. Pure.
 */
export function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const places = new Set(problems.flatMap((one) => (ofPlan(one) ? [] : placeOf(one))));
  const noBase = problems.some(({ keys }) => keys?.length === 1 && keys[0] === "base");
  return problems.filter((one) => {
    if (ofPlan(one) && placeOf(one).some((place) => places.has(place))) return false;
    const { keys } = one;
    if (!isMissing(one) || keys === undefined) return true;
    if (noBase && keys.length === 1) return false;
    return !problems.some((other) => !isMissing(other) && isBelow(other.keys, keys));
  });
}

function isMissing({ found }: Problem): boolean {
  return /^nothing(,|$)/.test(found);
}

/** Found in the platform that a file became, not in the file itself. */
function ofPlan({ path }: Problem): boolean {
  return path.startsWith("platforms/");
}

/** `compose.yaml:3:5`: a place in a compose file, which has a column. */
function placeOf({ line = "" }: Problem): readonly string[] {
  return /:\d+:\d+$/.test(line) ? [line] : [];
}

function isBelow(inner: Keys | undefined, outer: Keys): boolean {
  return inner !== undefined && outer.every((key, index) => inner[index] === key);
}
