import { filePath, isBelow, type Keys, type Problem } from "../../model/problem";

/** A part whose name is wrong, and where it is read instead. */
export interface Renamed {
  readonly written: Keys;
  readonly meant: Keys;
}

/** Keys as they are written. Pure. */
export function asWritten(keys: Keys, renamed: readonly Renamed[]): Keys {
  // A later name was changed inside what an earlier change had made of it.
  return [...renamed].reverse().reduce((at, { written, meant }) => {
    return isBelow(at, meant) ? [...written, ...at.slice(meant.length)] : at;
  }, keys);
}

/** A problem at the place that is written in the environment file. Pure. */
export function problemAsWritten(problem: Problem, renamed: readonly Renamed[]): Problem {
  if (problem.keys === undefined || renamed.length === 0) return problem;
  const keys = asWritten(problem.keys, renamed);
  if (keys === problem.keys) return problem;
  const rest = problem.path.slice(filePath(problem.keys).length);
  return { ...problem, keys, path: `${filePath(keys)}${rest}` };
}
