import { isMap } from "../model/paths";
import { printable } from "../model/printable";

/** HTTP status of an error that a Docker engine returned; undefined when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return isMap(error) && typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** True when the Docker engine says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** True when someone else changed the object between our read and our write. */
export function isOutOfSequence(error: unknown): boolean {
  return /update out of sequence/.test(cause(error));
}

/**
 * The reason of an error in one line, as text that can be printed: the Docker engine's own message if it answered,
 * which may quote a registry.
 */
export function cause(error: unknown): string {
  if (isMap(error) && isMap(error.json) && typeof error.json.message === "string") {
    return printable(error.json.message).trim();
  }
  return printable(error instanceof Error ? error.message : String(error)).trim();
}

/** The value, or undefined when the Docker engine says that the object does not exist. */
export async function orGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * True when the Docker engine refused because it is not a manager now, or the managers have no
 * leader. A manager that was just demoted no longer has a control socket.
 */
export function isDeposed(error: unknown): boolean {
  return /not a swarm manager|does not have a leader|no elected leader|not part of a swarm|swarm\/control\.sock/i.test(
    cause(error),
  );
}

/**
 * True when a manager answered that it lost its way to the leader, as it does while another one becomes the leader
 * or a manager leaves. Nobody knows whether the leader carried out the request.
 */
export function isAdrift(error: unknown): boolean {
  if (statusOf(error) === undefined) return false;
  return /^rpc error: code = (Unavailable|Canceled|Aborted|DeadlineExceeded)\b|^(rpc error: code = \w+ desc = )?(context (canceled|deadline exceeded)$|raft: |raft proposal dropped|.*lost leader status)/.test(
    cause(error),
  );
}
