import type { EnginePackages } from "../../config/environment/ssh";
import { APT_PATIENCE } from "../../model/packages";
import { quote } from "../../model/quote";
import { linesOf, type Script } from "../../model/script";
import { serviceAction } from "../scripts";
import { STATE_FOLDER } from "./engine";

/** File that says which environment a machine belongs to. */
export const OWNER_FILE = `${STATE_FOLDER}/environment`;

/**
 * Script that marks an existing machine as this environment's, and installs the Docker engine and
 * the commands that our scripts use, each only where it is missing.
 *
 * It stops within two minutes when the machine's package mirror does not answer.
 */
export function claimScript(packages: EnginePackages): Script<{ readonly owner: string }> {
  return { text: claimText(packages), stdin: ({ owner }) => linesOf(owner) };
}

function claimText({ source, version = "" }: EnginePackages): string {
  return `IFS= read -r owner
mkdir -p ${STATE_FOLDER}
chmod 755 ${STATE_FOLDER}
printf '%s\\n' "$owner" >${OWNER_FILE}
${serviceAction}
# shellcheck source=/dev/null
. /etc/os-release
source=${source}
version=${quote(version)}
missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }
if command -v apt-get >/dev/null; then
${aptPackages}
else
${dnfPackages}
fi
attempt=0
until [ "\${#missing[@]}" -eq 0 ] || fetch; do
  attempt=$((attempt + 1))
  if [ "$attempt" -ge 3 ]; then
    echo "could not install \${missing[*]}: see above; either the package mirror of this machine does not answer or it lacks one of them" >&2
    exit 1
  fi
  sleep 5
done
if [ -d /run/systemd/system ]; then systemctl enable --quiet docker; fi
if ! docker info >/dev/null 2>&1; then service_action start docker; fi
for _ in $(seq 60); do
  if docker info >/dev/null 2>&1; then exit 0; fi
  sleep 1
done
echo "the Docker engine does not start:" >&2
{ journalctl --unit docker --lines 20 --no-pager 2>/dev/null || tail -n 20 /var/log/docker.log; } >&2 || true
exit 1
`;
}

const aptPackages = `  export DEBIAN_FRONTEND=noninteractive
  options=(${APT_PATIENCE})
  has_package() { [ -n "$(apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" { print $2 }')" ]; }
  engine_packages() {
    if [ "$source" = docker ]; then
      has_package docker-ce || add_docker_source
      echo "docker-ce\${version:+=$version} docker-ce-cli\${version:+=$version} containerd.io"
    else
      # Newer releases have the command in a package of its own.
      echo "docker.io\${version:+=$version} $(if has_package docker-cli; then echo docker-cli; fi)"
    fi
  }
  add_docker_source() {
    apt-get "\${options[@]}" install -y --no-install-recommends ca-certificates curl >/dev/null
    install -d -m 755 /etc/apt/keyrings
    curl -fsSL "https://download.docker.com/linux/$ID/gpg" -o /etc/apt/keyrings/docker.asc
    echo "deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/$ID \${VERSION_CODENAME:-} stable" >/etc/apt/sources.list.d/docker.list
    apt-get "\${options[@]}" update >&2
  }
  need curl curl
  need openssl openssl
  python3 -c 'import json' 2>/dev/null || missing+=(python3)
  need ip iproute2
  [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
  if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then missing+=(engine); fi
  fetch() {
    apt-get "\${options[@]}" -o APT::Update::Error-Mode=any update >&2 || return 1
    local packages=()
    for one in "\${missing[@]}"; do
      if [ "$one" != engine ]; then packages+=("$one"); continue; fi
      local engine
      engine=$(engine_packages) || return 1
      read -ra engine <<<"$engine"
      packages+=("\${engine[@]}")
    done
    apt-get "\${options[@]}" install -y --no-install-recommends "\${packages[@]}" >&2
  }`;

const dnfPackages = `  need curl curl-minimal
  need openssl openssl
  need python3 python3
  need ip iproute
  package=docker
  if [ "$ID" = fedora ]; then package=moby-engine; fi
  if [ "$source" = docker ]; then package=docker-ce; fi
  if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then missing+=("$package\${version:+-$version}"); fi
  fetch() {
    if [ "$source" = docker ] && ! dnf -q list docker-ce >/dev/null 2>&1; then
      local system=$ID
      case "$ID" in rocky | almalinux | ol) system=rhel ;; esac
      curl -fsSL "https://download.docker.com/linux/$system/docker-ce.repo" -o /etc/yum.repos.d/docker-ce.repo || return 1
    fi
    dnf install -y --setopt=timeout=15 --setopt=retries=1 "\${missing[@]}" >&2
  }`;

/** Script that takes our last files from a machine, and with `purge` its Docker engine and that engine's data. */
export function releaseScript(purge: boolean): string {
  return `rm -rf ${STATE_FOLDER}
${purge ? purgeEngine : ""}`;
}

const purgeEngine = `${serviceAction}
service_action stop docker || true
if [ -d /run/systemd/system ]; then systemctl stop docker.socket containerd || true; fi
installed=()
if command -v apt-get >/dev/null; then
  for one in docker.io docker-cli docker-ce docker-ce-cli containerd containerd.io runc; do
    if dpkg -s "$one" >/dev/null 2>&1; then installed+=("$one"); fi
  done
  if [ "\${#installed[@]}" -gt 0 ]; then DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 purge -y "\${installed[@]}"; fi
  rm -f /etc/apt/sources.list.d/docker.list /etc/apt/keyrings/docker.asc
else
  for one in docker moby-engine docker-ce docker-ce-cli containerd containerd.io; do
    if rpm -q "$one" >/dev/null 2>&1; then installed+=("$one"); fi
  done
  if [ "\${#installed[@]}" -gt 0 ]; then dnf remove -y "\${installed[@]}"; fi
  rm -f /etc/yum.repos.d/docker-ce.repo
fi
rm -rf /var/lib/docker /var/lib/containerd /etc/docker
`;
