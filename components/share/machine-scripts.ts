import { installLines } from "../model/packages";

/** Folder on a machine for what a mount needs to remember. */
export const MOUNT_FOLDER = "/etc/swarmyard";

/** Makes the Docker engine wait for the folder at boot, so that no task writes to the disk below it. */
const UNIT_FOLDER = "/etc/systemd/system/docker.service.d";

/** Writes standard input to a file, at once or not at all. */
export const writeFunction = `write() {
  local new
  new=$(mktemp "$1.XXXXXX")
  cat >"$new"
  chmod 0644 "$new"
  if cmp -s "$new" "$1"; then rm "$new"; else mv "$new" "$1"; fi
}
`;

/** Starts and stops the Docker engine, with systemd or without. */
export const engineFunction = `engine() {
  if [ -d /run/systemd/system ]; then
    if [ "$1" = stop ]; then systemctl stop docker.socket docker.service; else systemctl start docker.service; fi
  else
    service docker "$1"
  fi
}
`;

/** Lines that make the Docker engine wait for `$target` at boot. */
export const waitAtBoot = `if [ -d /run/systemd/system ]; then
  mkdir -p ${UNIT_FOLDER}
  write ${UNIT_FOLDER}/swarmyard-share.conf <<END
[Unit]
RequiresMountsFor=$target
END
  systemctl daemon-reload
fi
`;

/** Lines that undo {@link waitAtBoot}. */
export const waitNoMore = `rm -f ${UNIT_FOLDER}/swarmyard-share.conf
rmdir --ignore-fail-on-non-empty ${UNIT_FOLDER} 2>/dev/null || true
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
`;

/**
 * Lines that install a package that has a command. They remember it, so that {@link removePackage} takes
 * only what we brought.
 */
export function installPackage(command: string, apt: string, dnf: string): string {
  return `if ! command -v ${command} >/dev/null; then
${installLines(apt, dnf)}  touch ${MOUNT_FOLDER}/installed-${apt}
fi
`;
}

/** Lines that remove a package that {@link installPackage} installed. */
export function removePackage(apt: string, dnf: string): string {
  return `if [ -e ${MOUNT_FOLDER}/installed-${apt} ]; then
  if command -v apt-get >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qy purge ${apt} >/dev/null
  else
    dnf -y -q remove ${dnf} >/dev/null
  fi
  rm -f ${MOUNT_FOLDER}/installed-${apt}
fi
`;
}

/** Line that removes our folder when nothing is left in it. */
export const forgetFolder = `rmdir --ignore-fail-on-non-empty ${MOUNT_FOLDER} 2>/dev/null || true\n`;
