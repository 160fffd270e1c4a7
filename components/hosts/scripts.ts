import { quote } from "../model/quote";

/**
 * Wraps a bash script so that it stops at its first error and after `seconds`.
 * Its exit code is 124 when the time is up. It always runs as root: another user needs sudo
 * without a password.
 */
export function withDeadline(script: string, seconds: number, user = "root"): string {
  const body = `set -euo pipefail\n${script.trim()}\n`;
  return `exec ${user === "root" ? "" : "sudo -n "}timeout -k 10 ${seconds} bash -c ${quote(body)}`;
}

/**
 * Makes a bash script read its standard input to the end, however it ends: an SSH client whose
 * input is not read reports an error although the script succeeded.
 */
export function readingAll(script: string): string {
  return `trap 'cat >/dev/null' EXIT\n${script}`;
}

/**
 * Shell function for scripts that start services: `service_action restart docker`. It uses
 * systemd where that runs, otherwise the packages' init scripts.
 */
export const serviceAction = `service_action() {
  if [ -d /run/systemd/system ]; then systemctl "$1" "$2"; else service "$2" "$1"; fi
}`;
