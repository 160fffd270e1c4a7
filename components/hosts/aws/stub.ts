import { quote } from "../../model/quote";
import { STATE_FOLDER } from "../machine/engine";
import { hardenMachine } from "../machine/hardening";
import { installEngine } from "../machine/install";
import { serviceAction } from "../scripts";

/** Login on AWS machines; it may use the Docker engine and become root without a password. */
export const LOGIN = "swarmyard";

/** The log of the first boot. */
export const BOOT_LOG = "/var/log/swarmyard-boot.log";

/** Keys that a machine gets at creation, and what else its first boot depends on. */
export interface BirthKeys {
  /** Who may log in, as in authorized_keys. */
  readonly authorized: string;
  /** The machine's own host key: private part in OpenSSH form. */
  readonly hostPrivate: string;
  readonly hostPublic: string;
  /** UDP port of overlay networks, which containers are kept from. @default 4789 */
  readonly overlayPort?: number;
}

/**
 * User data of a machine: a login, a pinned host key, a Docker engine, and what protects the machine
 * from its containers and from old packages. It runs once: a machine that exists keeps what an earlier
 * text made of it until it is replaced. What settings may change comes over SSH.
 *
 * Failures are in the boot log, and `failed` in the state folder says so.
 */
export function bootStub(keys: BirthKeys): string {
  return `#!/bin/bash
# First boot: a login, a pinned host key, an engine and its hardening. Everything else comes over SSH.
set -Eeuo pipefail
umask 022
install -d -m 755 ${STATE_FOLDER}
rm -f ${STATE_FOLDER}/failed ${STATE_FOLDER}/booted
install -m 600 /dev/null ${BOOT_LOG}
exec >>${BOOT_LOG} 2>&1
trap 'echo "first boot failed in line $LINENO: $BASH_COMMAND"; touch ${STATE_FOLDER}/failed' ERR

${serviceAction}

${login(keys.authorized)}
${sshd(keys)}
${installEngine}
${hardenMachine(keys.overlayPort)}
touch ${STATE_FOLDER}/booted
echo "first boot is done"
`;
}

function login(authorized: string): string {
  return `echo "login ${LOGIN}"
getent group docker >/dev/null || groupadd --system docker
id -u ${LOGIN} >/dev/null 2>&1 || useradd --create-home --shell /bin/bash ${LOGIN}
usermod --append --groups docker ${LOGIN}
install -d -m 700 -o ${LOGIN} -g ${LOGIN} /home/${LOGIN}/.ssh
printf '%s\\n' ${quote(authorized.trim())} >/home/${LOGIN}/.ssh/authorized_keys
chown ${LOGIN}:${LOGIN} /home/${LOGIN}/.ssh/authorized_keys
chmod 600 /home/${LOGIN}/.ssh/authorized_keys
install -d -m 750 /etc/sudoers.d
printf '%s ALL=(ALL) NOPASSWD:ALL\\n' ${LOGIN} >/etc/sudoers.d/90-swarmyard
chmod 440 /etc/sudoers.d/90-swarmyard
`;
}

// Many resources are created in parallel, each over its own connection or channel.
function sshd(keys: BirthKeys): string {
  return `echo "sshd with its pinned host key"
install -m 600 /dev/stdin /etc/ssh/swarmyard_host_key <<'KEY'
${keys.hostPrivate.trim()}
KEY
printf '%s\\n' ${quote(keys.hostPublic.trim())} >/etc/ssh/swarmyard_host_key.pub
install -d -m 755 /etc/ssh/sshd_config.d /run/sshd
cat >/etc/ssh/sshd_config.d/00-swarmyard.conf <<'CONF'
HostKey /etc/ssh/swarmyard_host_key
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers ${LOGIN}
AllowTcpForwarding yes
AllowStreamLocalForwarding yes
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
MaxAuthTries 4
MaxStartups 200:30:400
MaxSessions 200
CONF
sshd=$(command -v sshd || echo /usr/sbin/sshd)
"$sshd" -t
if command -v apt-get >/dev/null; then service_action restart ssh; else service_action restart sshd; fi
`;
}

/** Script that waits until a machine's first boot is done and its Docker engine answers; on failure it prints the end of the boot log. */
export function bootedScript(): string {
  return `for _ in $(seq 840); do
  if [ -e ${STATE_FOLDER}/failed ]; then break; fi
  if [ -e ${STATE_FOLDER}/booted ] && docker info --format '{{.ID}}' >/dev/null 2>&1; then exit 0; fi
  sleep 1
done
{
  if [ -e ${STATE_FOLDER}/failed ]; then why="its first boot failed"; else why="it did not come up within 14 minutes"; fi
  echo "$(hostname): $why. The end of ${BOOT_LOG}:"
  tail -n 40 ${BOOT_LOG} || tail -n 40 /var/log/cloud-init-output.log || true
} >&2
exit 1
`;
}
