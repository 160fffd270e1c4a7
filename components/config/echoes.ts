import { isBelow, type Problem } from "../model/problem";

/**
 * Problems without those that only repeat another: a value that is missing because it was wrong and
 * therefore left out, a platform's part that the reader of its compose file refused already, and
 * everything that a base would have stated, when there is no such base. Pure.
 */
export function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const refused = new Set(problems.flatMap(({ echo, line }) => (echo === "read" ? [] : [line])));
  const noBase = problems.some(({ keys }) => keys?.length === 1 && keys[0] === "base");
  return problems.filter(({ echo, keys, line }) => {
    if (echo === "read") return line === undefined || !refused.has(line);
    if (echo !== "missing" || keys === undefined) return true;
    if (noBase && keys.length === 1) return false;
    return !problems.some(
      (other) => other.echo !== "missing" && other.keys !== undefined && isBelow(other.keys, keys),
    );
  });
}
