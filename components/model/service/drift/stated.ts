import type { Properties } from "../../values";
import { type ServiceInputs, serviceFields } from "../inputs";
import { normalise } from "../normalise";
import { serviceProblems } from "../problems";

/** Fields that have a default that can be named, with it. */
const defaults = Object.entries(serviceFields).flatMap(([key, { is }]) => {
  const [standard] = is.silent ?? [];
  const hasName = typeof standard === "number" || (typeof standard === "string" && standard !== "");
  return hasName ? [[key, standard] as const] : [];
});

/**
 * Canonical inputs that name the default of each field whose old value was another one: a diff then
 * says `replicas: 3 => 1` instead of `- replicas: 3`. Pure.
 */
export function stateDefaults<T extends ServiceInputs>(inputs: T, olds: Properties | undefined): T {
  const before = new Map<string, unknown>(Object.entries(normalise(olds ?? {})));
  const now = new Map<string, unknown>(Object.entries(inputs));
  const left = defaults.filter(([key]) => before.get(key) !== undefined && !now.has(key));
  // `replicas` of a global service means nothing, not 1.
  const named = left.filter(
    ([key, standard]) => serviceProblems({ ...inputs, [key]: standard }).length === 0,
  );
  return { ...inputs, ...Object.fromEntries(named) };
}

/** What was found, with the defaults that the old inputs name, so that a refresh changes nothing. Pure. */
export function keepStated<T extends object>(found: T, olds: object | undefined): T {
  const now = new Map<string, unknown>(Object.entries(found));
  const before = new Map<string, unknown>(Object.entries(olds ?? {}));
  const named = defaults.filter(
    ([key, standard]) => now.get(key) === undefined && before.get(key) === standard,
  );
  return { ...found, ...Object.fromEntries(named) };
}

/**
 * Says of each field that somebody changed and the program leaves at its default what was found, and what the program
 * wants: a diff has no value to show for the latter. Pure.
 */
export function unstatedChanges(found: object, wanted: object): readonly string[] {
  const now = new Map<string, unknown>(Object.entries(found));
  const stated = new Map<string, unknown>(Object.entries(wanted));
  return defaults.flatMap(([key, standard]) => {
    const value = now.get(key);
    if (value === undefined || value === standard || stated.get(key) !== undefined) return [];
    return [`found ${key}: ${value}; the program wants ${standard}, the default`];
  });
}
