import { gossipPort, managerPort, metricsPort, overlayPort } from "../../model/swarm-ports";

/** Port of the share's server, EFS and NFS alike; TCP. */
const sharePort = 2049;

/** Address at which a cloud tells a machine about itself, with the rights of the machine's role. */
const metadataAddress = "169.254.169.254";

/** Unit that keeps containers away from what only hosts may reach. */
const containersUnit = "swarmyard-containers";

/** Unit that frees the disk of a node. */
const pruneUnit = "swarmyard-prune";

/** How full the disk may be before what no container uses is removed, in percent. */
const fullFrom = 75;

/**
 * Settings of a Docker engine beside ours, as `daemon.json` has them: containers on the default
 * bridge do not reach each other, no program gains rights through setuid, and no process per published port.
 */
export const hardenedEngine = {
  icc: false,
  "no-new-privileges": true,
  "userland-proxy": false,
} as const;

/** Packages that stay as they are until a machine is replaced: they would end or break its tasks. */
const untouched = ["docker", "containerd", "runc", "nvidia", "libnvidia"] as const;

/**
 * Part of a bash script for the first boot of a machine, after the Docker engine is installed. It
 * needs the functions of `installEngine` and systemd, and starts nothing again that runs already:
 * the settings of the Docker engine are read at its next start.
 *
 * @param overlay UDP port of overlay networks. @default 4789
 */
export function hardenMachine(overlay: number = overlayPort): string {
  return `echo "hardening"
missing=()
need iptables iptables
if command -v apt-get >/dev/null; then
  need unattended-upgrade unattended-upgrades
elif ! rpm -q dnf-automatic >/dev/null; then
  missing+=(dnf-automatic)
fi
attempt=0
until [ "\${#missing[@]}" -eq 0 ] || fetch; do
  attempt=$((attempt + 1))
  [ "$attempt" -lt 30 ]
  sleep 10
done
${engineText()}${containersText(overlay)}${upgradesText()}${pruneText()}`;
}

// What the image says itself stays: an image of your own may need something else.
function engineText(): string {
  return `modprobe br_netfilter 2>/dev/null || true
python3 - <<'PYTHON'
import json, os

path = "/etc/docker/daemon.json"
hardened = json.loads('${JSON.stringify(hardenedEngine)}')
# Where bridges cannot be filtered, the Docker engine would not start with it.
if not os.path.exists("/proc/sys/net/bridge/bridge-nf-call-iptables"):
    del hardened["icc"]
text = open(path).read().strip() if os.path.exists(path) else ""
settings = {**hardened, **(json.loads(text) if text else {})}
os.makedirs(os.path.dirname(path), exist_ok=True)
with open(path + ".new", "w") as file:
    json.dump(settings, file, indent=2, sort_keys=True)
    file.write("\\n")
os.replace(path + ".new", path)
PYTHON
`;
}

/** The program that keeps containers away from the swarm's ports, the share's server and the metadata. */
export function containersProgram(overlay: number = overlayPort): string {
  return `#!/bin/bash
# Containers leave with the host's address, so that a security group cannot tell them from it.
set -euo pipefail
chain=SWARMYARD
rules() { iptables --wait --table mangle "$@"; }
rules --new-chain "$chain" 2>/dev/null || rules --flush "$chain"
rules --append "$chain" --protocol tcp --match multiport --dports ${[sharePort, managerPort, gossipPort, metricsPort].join(",")} --jump DROP
rules --append "$chain" --protocol udp --match multiport --dports ${[overlay, gossipPort].join(",")} --jump DROP
rules --append "$chain" --destination ${metadataAddress} --jump DROP
# What a container asks, and not what it answers; before any rule of the engine, which comes and goes.
for bridge in docker0 docker_gwbridge br-+; do
  jump=(PREROUTING --in-interface "$bridge" --match conntrack --ctdir ORIGINAL --jump "$chain")
  rules --check "\${jump[@]}" 2>/dev/null || rules --insert "\${jump[@]}"
done
`;
}

function containersText(overlay: number): string {
  return `cat >/usr/local/sbin/${containersUnit} <<'END'
${containersProgram(overlay)}END
chmod 755 /usr/local/sbin/${containersUnit}
cat >/etc/systemd/system/${containersUnit}.service <<'END'
[Unit]
Description=Containers kept away from the ports of the swarm
Before=docker.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/${containersUnit}
[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl enable --quiet --now ${containersUnit}.service
`;
}

// Amazon Linux stays at the release of its image unless `releasever` says otherwise.
function upgradesText(): string {
  return `if command -v apt-get >/dev/null; then
  cat >/etc/apt/apt.conf.d/52swarmyard-upgrades <<'END'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::Package-Blacklist { ${untouched.map((name) => `"^${name}";`).join(" ")} };
END
  if [ -d /etc/needrestart/conf.d ]; then
    cat >/etc/needrestart/conf.d/swarmyard.conf <<'END'
$nrconf{override_rc}{qr(^(docker|containerd))} = 0;
END
  fi
  systemctl enable --quiet --now apt-daily.timer apt-daily-upgrade.timer
else
  echo latest >/etc/dnf/vars/releasever
  cat >/etc/dnf/automatic.conf <<'END'
[commands]
upgrade_type = security
apply_updates = yes
[emitters]
emit_via = stdio
[base]
excludepkgs = ${untouched.map((name) => `${name}*`).join(" ")}
END
  systemctl enable --quiet --now dnf-automatic.timer
fi
`;
}

/** The program that frees a node's disk when it fills up. Images in use and young containers stay. */
export function pruneProgram(): string {
  return `#!/bin/bash
# What no container uses goes only when the disk fills up: a task that moves here finds its image.
set -euo pipefail
full=$(df --output=pcent /var/lib/docker | tail -n 1 | tr -dc 0-9)
if [ "$full" -lt ${fullFrom} ]; then exit 0; fi
docker container prune --force --filter until=24h
docker image prune --all --force
`;
}

function pruneText(): string {
  return `cat >/usr/local/sbin/${pruneUnit} <<'END'
${pruneProgram()}END
chmod 755 /usr/local/sbin/${pruneUnit}
cat >/etc/systemd/system/${pruneUnit}.service <<'END'
[Unit]
Description=Room on the disk of the Docker engine
After=docker.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/${pruneUnit}
END
cat >/etc/systemd/system/${pruneUnit}.timer <<'END'
[Unit]
Description=Room on the disk of the Docker engine, every day
[Timer]
OnCalendar=daily
RandomizedDelaySec=1h
Persistent=true
[Install]
WantedBy=timers.target
END
systemctl daemon-reload
systemctl enable --quiet --now ${pruneUnit}.timer
`;
}
