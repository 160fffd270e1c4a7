import { canonicalMembers } from "../fields/field";
import { type ServiceInputs, serviceFields } from "./inputs";

/**
 * The canonical form of valid inputs: quantities in their shortest text, lists whose order means
 * nothing sorted, and whatever equals the Docker engine's default left out. Unknown values stay where they are.
 */
export function normalise(inputs: { readonly [key: string]: unknown }): ServiceInputs {
  const made = canonicalMembers(serviceFields, inputs);
  if (made.maxConcurrent === (made.replicas ?? 1)) delete made.maxConcurrent;
  return made as unknown as ServiceInputs;
}
