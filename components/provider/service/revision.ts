import { createHmac } from "node:crypto";
import { hasUnknown, isMap } from "../../model/paths";
import type { LiveService } from "../../model/service/wire";
import { UNKNOWN } from "../../model/values";

/** Inputs whose change requires no waiting. */
const QUIET = ["labels", "run", "wait", "waitFor", "timeout", "revision"];

/**
 * A mark of canonical inputs; it changes whenever tasks must be checked again. Keyed, because
 * inputs hold secrets. Unknown while an input or the salt is.
 */
export function revisionOf(
  inputs: { readonly [key: string]: unknown },
  salt: string | undefined,
): string | typeof UNKNOWN {
  const counted = Object.entries(inputs).filter(([key]) => !QUIET.includes(key));
  if (salt === undefined || hasUnknown(Object.fromEntries(counted))) return UNKNOWN;
  return keyed(sorted(Object.fromEntries(counted)), salt);
}

/** A mark of what a live service is to run, from which nothing can be guessed; undefined without a salt. */
export function fingerprint(
  service: LiveService | undefined,
  salt: string | undefined,
): string | undefined {
  if (service === undefined || salt === undefined) return undefined;
  const { TaskTemplate, Mode, EndpointSpec } = service.Spec;
  return keyed([TaskTemplate, Mode, EndpointSpec], salt);
}

function keyed(value: unknown, salt: string): string {
  return createHmac("sha256", salt).update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

/** The value with the keys of its maps in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
