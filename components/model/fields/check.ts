import type { Finding } from "../problem";
import type { Properties } from "../values";
import { defaultsOf, type Fields } from "./field";
import { findingsIn } from "./findings";
import { ruleOf } from "./types";

/** What Check makes of inputs: the defaults filled in, and everything that is wrong. */
export interface CheckedInputs {
  readonly inputs: Properties;
  readonly problems: readonly Finding[];
}

/**
 * The Check of these fields. `between` finds what is wrong between fields that are each right alone.
 *
 * @example
 * const check = checkerOf(volumeFields);
 * check({ node: "db-0", name: "data" }).problems; // onDelete: nothing, allowed: keep, remove
 */
export function checkerOf(
  fields: Fields,
  between: (inputs: Properties) => readonly Finding[] = () => [],
): (inputs: Properties) => CheckedInputs {
  const rule = ruleOf(fields);
  const defaults = defaultsOf(fields);
  return (inputs) => ({
    inputs: { ...defaults, ...inputs },
    problems: [...findingsIn(rule, inputs), ...between(inputs)],
  });
}
