// cspell:words ahosts exportfs nfsd subtree
import { linesOf, type Script } from "../model/script";
import {
  engineFunction,
  forgetFolder,
  installPackage,
  MOUNT_FOLDER,
  removePackage,
  waitAtBoot,
  waitNoMore,
  writeFunction,
} from "./machine-scripts";

/** What to mount, and where. */
export interface NfsValues {
  /** Address or name of the server. */
  readonly server: string;
  /** The folder that it exports. */
  readonly exported: string;
  /** Options of the mount. */
  readonly options: string;
  /** Path on the machine. */
  readonly target: string;
}

/**
 * Script that mounts a folder of an NFS server, now and after each boot. Run it again at any time.
 *
 * Docker waits for the mount at boot. Changing the server, its folder or the options stops the Docker engine
 * during the change. A line that somebody else wrote for the same path is refused.
 */
export const nfsMountScript: Script<NfsValues> = {
  text: `IFS= read -r source
IFS= read -r options
IFS= read -r target
${writeFunction}${engineFunction}explain() {
  local server=\${source%%:*}
  echo "could not mount $source at $target."
  if ! getent ahosts "$server" >/dev/null; then
    echo "$server does not resolve on this machine."
  elif ! timeout 5 bash -c "exec 3<>/dev/tcp/$server/2049"; then
    echo "$server does not answer on TCP port 2049: start its NFS server, and open the port for this machine."
  elif ! grep -Eqw 'nfs4?' /proc/filesystems; then
    echo "the kernel of this machine has no NFS client."
  else
    echo "see above: the server must export that folder to this machine's address."
  fi
}
if awk -v target="$target" '$1 !~ /^#/ && $2 == target && $4 !~ /x-swarmyard/ { found = 1 } END { exit !found }' /etc/fstab; then
  echo "/etc/fstab of this machine mounts something else at $target: remove its line, choose another \\\`path\\\`, or use \\\`kind: existing\\\`" >&2
  exit 1
fi
mkdir -p ${MOUNT_FOLDER}
${installPackage("mount.nfs", "nfs-common", "nfs-utils")}# Another folder was here: nothing may hold it while it goes.
if mountpoint -q "$target" && [ "$(cat ${MOUNT_FOLDER}/share 2>/dev/null)" != "$source $options" ]; then
  touch ${MOUNT_FOLDER}/engine-stopped
  engine stop
  umount "$target"
fi
[ -e "$target" ] || { mkdir -p "$target" && echo "$target" >${MOUNT_FOLDER}/made; }
table=$(awk -v target="$target" '$1 ~ /^#/ || $2 != target' /etc/fstab && echo "$source $target nfs $options,_netdev,x-swarmyard 0 0")
write /etc/fstab <<<"$table"
${waitAtBoot}for _ in 1 2 3 4; do
  if mountpoint -q "$target" || timeout 45 mount "$target"; then
    echo "$source $options" >${MOUNT_FOLDER}/share
    if [ -e ${MOUNT_FOLDER}/engine-stopped ]; then
      engine start
      rm ${MOUNT_FOLDER}/engine-stopped
    fi
    exit 0
  fi
  sleep 5
done
explain >&2
exit 1
`,
  stdin: ({ server, exported, options, target }) =>
    linesOf(`${server}:${exported}`, options, target),
};

/** Undoes {@link nfsMountScript}, with the same standard input. What is on the share stays. */
export const nfsUnmountScript = `IFS= read -r source
IFS= read -r _
IFS= read -r target
${writeFunction}if mountpoint -q "$target" && ! umount "$target"; then
  echo "$target is in use on this machine: stop what uses $source there" >&2
  exit 1
fi
table=$(awk -v target="$target" '$1 ~ /^#/ || $2 != target || $4 !~ /x-swarmyard/' /etc/fstab)
write /etc/fstab <<<"$table"
${waitNoMore}if [ "$(cat ${MOUNT_FOLDER}/made 2>/dev/null)" = "$target" ]; then
  rmdir --ignore-fail-on-non-empty "$target" || true
fi
${removePackage("nfs-common", "nfs-utils")}rm -f ${MOUNT_FOLDER}/share ${MOUNT_FOLDER}/made
${forgetFolder}`;

/** What a machine serves, and to whom. */
export interface NfsServerValues {
  /** The folder. */
  readonly target: string;
  /** Addresses of the machines that may mount it; nobody else may. */
  readonly clients: readonly string[];
}

const exportsFile = "/etc/exports.d/swarmyard.exports";

/**
 * Script that makes a machine the NFS server of a folder of its own, for these addresses only. Containers
 * write as root, so root is not mapped to nobody.
 */
export const nfsServerScript: Script<NfsServerValues> = {
  text: `IFS= read -r target
IFS= read -r clients
${writeFunction}mkdir -p ${MOUNT_FOLDER} /etc/exports.d
${installPackage("exportfs", "nfs-kernel-server", "nfs-utils")}modprobe nfsd 2>/dev/null || true
if ! grep -qw nfsd /proc/filesystems; then
  echo "the kernel of this machine has no NFS server: name another host as \\\`server\\\`" >&2
  exit 1
fi
[ -e "$target" ] || { mkdir -p "$target" && echo "$target" >${MOUNT_FOLDER}/made; }
line=
for client in $clients; do line="$line $client(rw,sync,no_subtree_check,no_root_squash)"; done
if [ -n "$line" ]; then line="$target$line"; fi
write ${exportsFile} <<<"$line"
if [ -d /run/systemd/system ]; then
  systemctl enable --quiet --now nfs-server
else
  service nfs-kernel-server start
fi
exportfs -ra
`,
  stdin: ({ target, clients }) => linesOf(target, clients.join(" ")),
};

/** Undoes {@link nfsServerScript}, with the same standard input. The folder stays, with what is in it. */
export const nfsServeNoMoreScript = `IFS= read -r target
IFS= read -r _
rm -f ${exportsFile}
rmdir --ignore-fail-on-non-empty /etc/exports.d 2>/dev/null || true
if command -v exportfs >/dev/null; then exportfs -ra || true; fi
if [ -e ${MOUNT_FOLDER}/installed-nfs-kernel-server ] && [ -d /run/systemd/system ]; then
  systemctl disable --quiet --now nfs-server || true
fi
if [ "$(cat ${MOUNT_FOLDER}/made 2>/dev/null)" = "$target" ]; then
  rmdir --ignore-fail-on-non-empty "$target" || true
fi
${removePackage("nfs-kernel-server", "nfs-utils")}rm -f ${MOUNT_FOLDER}/made
${forgetFolder}`;
