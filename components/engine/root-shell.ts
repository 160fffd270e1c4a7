import { quote } from "../model/quote";
import type { Connection } from "./login";

/** A command for a login shell, and what its standard input begins with. */
export interface RootShell {
  readonly command: string;
  /** Secret where sudo asks for a password. */
  readonly head: string;
}

/** Comes between the password that sudo may read and the input of the script. */
const MARK = "--swarmyard--";

/**
 * Runs a bash script as root, stopped at its first error and after `seconds` (exit code 124).
 * A password goes through standard input: no process list shows it.
 */
export function rootShell(
  script: string,
  seconds: number,
  { user, sudoPassword }: Pick<Connection, "user" | "sudoPassword">,
): RootShell {
  const body = `set -euo pipefail\n${script.trim()}\n`;
  const limited = (text: string) => `timeout -k 10 ${seconds} bash -c ${quote(text)}`;
  if (user === "root") return { command: `exec ${limited(body)}`, head: "" };
  if (sudoPassword === undefined) {
    return { command: `exec env LC_ALL=C sudo -n ${limited(body)}`, head: "" };
  }
  return withPassword(limited(`${untilMark}\n${body}`), sudoPassword);
}

/** Runs a command of sh as root, which then has the stream's bytes as its standard input. */
export function rootStream(
  command: string,
  { user, sudoPassword }: Pick<Connection, "user" | "sudoPassword">,
): RootShell {
  if (user === "root") return { command, head: "" };
  if (sudoPassword === undefined) return { command: `sudo -n ${command}`, head: "" };
  return withPassword(`sh -c ${quote(`${untilMark}\nexec ${command}`)}`, sudoPassword);
}

// sudo reads the password only where it asks for one, so whatever is before the mark is skipped.
const untilMark = `while IFS= read -r line && [ "$line" != ${MARK} ]; do :; done`;

function withPassword(command: string, password: string): RootShell {
  const feed = `{ printf '%s\\n' "$password" ${MARK}; cat; }`;
  const text = `IFS= read -r password\n${feed} | LC_ALL=C sudo -S -p '' -- ${command}`;
  return { command: `exec sh -c ${quote(text)}`, head: `${password}\n` };
}
