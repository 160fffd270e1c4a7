import { isMap } from "../model/paths";

/** HTTP status of an error that an engine answered with; undefined when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return isMap(error) && typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** True when the engine says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** True when somebody else changed the object between our read and our write. */
export function isOutOfSequence(error: unknown): boolean {
  return /update out of sequence/.test(cause(error));
}

/** The reason of an error in one line: the engine's own words when it answered. */
export function cause(error: unknown): string {
  if (isMap(error) && isMap(error.json) && typeof error.json.message === "string") {
    return error.json.message.trim();
  }
  return (error instanceof Error ? error.message : String(error)).trim();
}

/** The value, or undefined when the engine says that the object does not exist. */
export async function orGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * True when the engine refused because it is no manager now, or the managers have no leader. One that
 * has just been demoted has no control socket any more.
 */
export function isDeposed(error: unknown): boolean {
  return /not a swarm manager|does not have a leader|no elected leader|not part of a swarm|swarm\/control\.sock/i.test(
    cause(error),
  );
}
