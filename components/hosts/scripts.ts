import { quote } from "../model/quote";

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

/**
 * Shell function for scripts that start services: `service_action restart docker`. It takes systemd
 * where it runs and the init scripts of the packages where it does not.
 */
export const serviceAction = `service_action() {
  if [ -d /run/systemd/system ]; then systemctl "$1" "$2"; else service "$2" "$1"; fi
}`;
