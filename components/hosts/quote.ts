/**
 * Quotes text as one word of a POSIX shell, whatever it holds.
 *
 * @example quote("it's") // 'it'\''s'
 */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Wraps a bash script so that it stops at its first error and after `seconds`.
 * Its exit code is 124 when the time is over. It always runs as root: another user needs sudo
 * without a password.
 */
export function withDeadline(script: string, seconds: number, user = "root"): string {
  const body = `set -euo pipefail\n${script.trim()}\n`;
  return `exec ${user === "root" ? "" : "sudo -n "}timeout -k 10 ${seconds} bash -c ${quote(body)}`;
}

/**
 * Makes a bash script read its standard input to the end, whatever it uses of it and however it
 * ends: an SSH client whose input is not taken reports an error although the script succeeded.
 */
export function readingAll(script: string): string {
  return `trap 'cat >/dev/null' EXIT\n${script}`;
}
