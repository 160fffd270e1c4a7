/**
 * What the login user may see: the system, and whether root's part can run at all. It is plain sh,
 * because what it looks for may be missing.
 */
export const userProbe = `say() { printf '%s=%s\\n' "$1" "$2"; }
say kernel "$(uname -s)"
say arch "$(uname -m)"
if [ -r /etc/os-release ]; then
  # shellcheck source=/dev/null
  . /etc/os-release
  say osId "$ID"
  say osLike "\${ID_LIKE:-}"
  say osVersion "\${VERSION_ID:-}"
  say osName "\${PRETTY_NAME:-$ID}"
fi
for tool in bash sudo timeout apt-get dnf docker; do
  if command -v "$tool" >/dev/null 2>&1; then say has "$tool"; fi
done
# A Docker engine without root belongs to a user.
for socket in /run/user/*/docker.sock; do
  if [ -S "$socket" ]; then say rootless "$socket"; fi
done
`;

/** What only root sees: identity, resources, the Docker engine and the swarm. It changes nothing. */
export const rootProbe = `say() { printf '%s=%s\\n' "$1" "$2"; }
has() { command -v "$1" >/dev/null 2>&1; }
say hostname "$(hostname)"
say machineId "$(cat /etc/machine-id 2>/dev/null || true)"
say time "$(date +%s)"
say systemd "$(if [ -d /run/systemd/system ]; then echo yes; else echo no; fi)"
say cpus "$(nproc)"
say memory "$(awk '/^MemTotal:/ { print $2 * 1024 }' /proc/meminfo)"
folder=/var/lib/docker
[ -d "$folder" ] || folder=/var/lib
df -Pk "$folder" | awk 'NR == 2 { print "disk=" $2 * 1024; print "free=" $4 * 1024 }'
if has ip; then
  ip -o -4 addr show scope global | while read -r _ name _ address _; do
    say interface "$name $address $(cat "/sys/class/net/$name/mtu" 2>/dev/null || echo 0)"
  done
  say route "$(ip -4 route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')"
else
  for address in $(hostname -I); do
    case "$address" in *:*) ;; *) say interface "unknown $address/32 0" ;; esac
  done
fi
if has nvidia-smi; then
  nvidia-smi --query-gpu=uuid,name --format=csv,noheader 2>/dev/null | while IFS=, read -r id name; do
    say gpu "$id$name"
  done
fi
if has nvidia-container-runtime; then say nvidiaRuntime yes; fi
if has docker; then
  case "$(readlink -f "$(command -v docker)")" in */snap/* | /usr/bin/snap) say snap yes ;; esac
  case "$(docker --version 2>/dev/null)" in *odman*) say podman yes ;; esac
fi
if has dockerd; then say dockerd yes; fi
if [ -S /var/run/docker.sock ] && has docker; then
  docker version --format 'engine={{.Server.Version}}
api={{.Server.APIVersion}}' 2>/dev/null || say engineError "$(docker version 2>&1 | tail -n 1)"
  docker info --format 'swarm={{.Swarm.LocalNodeState}}
node={{.Swarm.NodeID}}
liveRestore={{.LiveRestoreEnabled}}
security={{json .SecurityOptions}}' 2>/dev/null || true
  # Only a manager knows the swarm and its nodes; a worker has its id in the certificate.
  if timeout 5 docker node ls --format 'peer={{.Hostname}} {{.Status}}' 2>/dev/null; then
    docker info --format 'cluster={{.Swarm.Cluster.ID}}' 2>/dev/null || true
  elif has openssl; then
    root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null || echo /var/lib/docker)
    openssl x509 -noout -subject -nameopt multiline -in "$root/swarm/certificates/swarm-node.crt" 2>/dev/null |
      sed -n 's/^ *organizationName *= */cluster=/p' || true
  fi
fi
if [ -s /etc/docker/daemon.json ] && has python3; then
  python3 -c 'import json; json.load(open("/etc/docker/daemon.json"))' 2>/dev/null || say badSettings yes
fi
if [ -r /var/lib/swarmyard/environment ]; then say owner "$(head -n 1 /var/lib/swarmyard/environment)"; fi
if has ss; then
  ss -Hlntu | awk '{ print $1, $5 }' | while read -r protocol address; do
    case "$protocol \${address##*:}" in
      "tcp 2377" | "tcp 7946" | "udp 7946" | "udp 4789") say busy "\${address##*:}/$protocol" ;;
    esac
  done
fi
`;
