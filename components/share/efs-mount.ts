import { linesOf, type Script } from "../model/script";
import { writeFunction } from "./machine-scripts";

/** Port on 127.0.0.1 that forwards to the file system over TLS, where the distribution has no efs-utils. */
const tunnelPort = 20490;

/** Unit that keeps the tunnel running. */
const tunnelUnit = "swarmyard-efs-tls";

const nfsOptions = [
  "nfsvers=4.1",
  `port=${tunnelPort}`,
  "rsize=1048576,wsize=1048576",
  // Hard: a write waits while the file system is unavailable; a soft mount would lose it.
  "hard,timeo=600,retrans=2,noresvport",
  "_netdev",
].join(",");

/**
 * Script that mounts an EFS file system over TLS, now and after each boot: with amazon-efs-utils
 * where the distribution has it (dnf), otherwise with stunnel and NFS (apt). Run it again at any time.
 *
 * Docker waits for the mount at boot, so that no task writes to the disk instead. Changing the
 * file system at the same path stops the Docker engine during the change.
 *
 * @param iam proves the machine's role to the file system; needs amazon-efs-utils
 */
export function mountScript(iam = false): Script<MountValues> {
  return {
    text: iam ? withRole(mountText()) : mountText(),
    stdin: ({ fileSystem, server, target }) => linesOf(fileSystem, server, target),
  };
}

/** What to mount, and where. */
export interface MountValues {
  /** The file system's id. */
  readonly fileSystem: string;
  /** Its DNS name. */
  readonly server: string;
  /** Path on the host. */
  readonly target: string;
}

/** A mount that proves the role is another one: what was mounted without it makes way. */
function withRole(text: string): string {
  return text
    .replace("efs _netdev,tls 0 0", "efs _netdev,tls,iam 0 0")
    .replace("else with_tunnel; fi", 'else echo "share.iam needs Amazon Linux" >&2; exit 1; fi')
    .replace('"$server" ]; then return; fi', '"$server iam" ]; then return; fi')
    .replace('echo "$server" >/etc/swarmyard/share', 'echo "$server iam" >/etc/swarmyard/share');
}

function mountText(): string {
  return `IFS= read -r file_system
IFS= read -r server
IFS= read -r target
# Writes standard input to a file, at once or not at all.
${writeFunction}${tunnelFunction}${efsUtilsFunction}${engineFunction}${mountFunction}${explainFunction}
mkdir -p /etc/swarmyard /etc/systemd/system/docker.service.d
make_way
if command -v dnf >/dev/null; then with_efs_utils; else with_tunnel; fi
write /etc/systemd/system/docker.service.d/swarmyard-share.conf <<END
[Unit]
RequiresMountsFor=$target
END
table=$(awk -v target="$target" '$1 ~ /^#/ || $2 != target' /etc/fstab && echo "$line")
write /etc/fstab <<<"$table"
mount_share
`;
}

// delay: the name is resolved at each connection, since a mount target may get another address.
const tunnelFunction = `with_tunnel() {
  if ! command -v stunnel >/dev/null || ! command -v mount.nfs4 >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 -q update >/dev/null
    apt-get -o DPkg::Lock::Timeout=300 -qy install --no-install-recommends stunnel4 nfs-common ca-certificates >/dev/null
  fi
  write /etc/swarmyard/efs-tls.conf <<END
foreground = yes
pid =
debug = notice
socket = l:SO_REUSEADDR=yes
[efs]
client = yes
accept = 127.0.0.1:${tunnelPort}
connect = $server:2049
delay = yes
sslVersionMin = TLSv1.2
CAfile = /etc/ssl/certs/ca-certificates.crt
verifyChain = yes
checkHost = $server
renegotiation = no
TIMEOUTbusy = 20
TIMEOUTclose = 0
TIMEOUTidle = 70
END
  write /etc/systemd/system/${tunnelUnit}.service <<END
[Unit]
Description=TLS to the shared file system
Wants=network-online.target remote-fs-pre.target
After=network-online.target
Before=remote-fs-pre.target
[Service]
ExecStart=/usr/bin/stunnel /etc/swarmyard/efs-tls.conf
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
END
  line="127.0.0.1:/ $target nfs4 ${nfsOptions} 0 0"
  systemctl daemon-reload
  systemctl enable --quiet ${tunnelUnit}.service
  # A tunnel that runs with these settings stays: what is mounted goes through it.
  if [ "$(cat /run/swarmyard-efs-tls 2>/dev/null)" = "$server" ]; then
    systemctl start ${tunnelUnit}.service
  else
    systemctl restart ${tunnelUnit}.service
    echo "$server" >/run/swarmyard-efs-tls
  fi
}
`;

const efsUtilsFunction = `with_efs_utils() {
  if ! command -v mount.efs >/dev/null; then dnf -y -q install amazon-efs-utils >/dev/null; fi
  line="$file_system:/ $target efs _netdev,tls 0 0"
}
`;

const engineFunction = `# Another file system was here: nothing may hold it while it goes.
make_way() {
  if ! mountpoint -q "$target" || [ "$(cat /etc/swarmyard/share 2>/dev/null)" = "$server" ]; then return; fi
  touch /etc/swarmyard/engine-stopped
  systemctl stop docker.socket docker.service
  umount "$target"
}
`;

const mountFunction = `mount_share() {
  mkdir -p "$target"
  systemctl daemon-reload
  # The name of a new mount target may take a minute and a half to be known.
  for _ in 1 2 3 4 5 6 7 8; do
    if mountpoint -q "$target" || timeout 45 mount "$target"; then
      echo "$server" >/etc/swarmyard/share
      if [ -e /etc/swarmyard/engine-stopped ]; then
        systemctl start docker.service
        rm /etc/swarmyard/engine-stopped
      fi
      return
    fi
    sleep 5
  done
  explain >&2
  return 1
}
`;

const explainFunction = `explain() {
  echo "could not mount $file_system at $target."
  if ! getent hosts "$server" >/dev/null; then
    echo "$server does not resolve: the VPC needs DNS support and DNS hostnames, and this host's zone a mount target."
  elif ! timeout 5 bash -c "exec 3<>/dev/tcp/$server/2049"; then
    echo "$server does not answer on port 2049: its mount targets need a security group that lets this host in."
  fi
  journalctl --no-pager -n 10 -u ${tunnelUnit} || true
}
`;
