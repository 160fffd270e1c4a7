/**
 * Part of a bash script that installs the Docker engine and the commands that our scripts use, each
 * only where it is missing, and starts it. It needs the function of `serviceAction`.
 *
 * It tries again for minutes: a machine's internet access may start late, and a fixed address may
 * replace its first one during the download.
 */
export const installEngine = `echo "engine"
missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }
if command -v apt-get >/dev/null; then
  need docker docker.io
  need curl curl
  need openssl openssl
  need sudo sudo
  python3 -c 'import json' 2>/dev/null || missing+=(python3)
  [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
  export DEBIAN_FRONTEND=noninteractive
  fetch() {
    apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 update &&
      apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 install -y --no-install-recommends "\${missing[@]}"
  }
else
  need docker docker
  need curl curl-minimal
  need openssl openssl
  need python3 python3
  fetch() { dnf install -y "\${missing[@]}"; }
fi
attempt=0
until [ "\${#missing[@]}" -eq 0 ] || fetch; do
  attempt=$((attempt + 1))
  [ "$attempt" -lt 30 ]
  sleep 10
done
if [ -d /run/systemd/system ]; then systemctl enable docker; fi
service_action start docker
`;
