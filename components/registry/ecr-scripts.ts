import { linesOf, type Script } from "../model/script";
import { hostOf } from "./reference";

/** Folder of the docker configuration that pulls from ECR with the host's role. */
const configFolder = "/etc/swarmyard/docker";

/** Unit that renews the tokens in the services' specs. */
const tokensUnit = "swarmyard-ecr-tokens";

/** Minutes after which a service gets a new token; tokens live for 12 hours. */
const renewAfter = 240;

/** Makes the docker command log in with the instance's role. Needs $host. */
const helper = `if ! command -v docker-credential-ecr-login >/dev/null; then
  if command -v dnf >/dev/null; then
    dnf -y -q install amazon-ecr-credential-helper >/dev/null
  else
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 -q update >/dev/null
    apt-get -o DPkg::Lock::Timeout=300 -qy install --no-install-recommends amazon-ecr-credential-helper >/dev/null
  fi
fi
mkdir -p ${configFolder}
printf '{"credHelpers":{"%s":"ecr-login"}}\\n' "$host" >${configFolder}/config.json`;

/**
 * Script that pulls images to a host with its role, so that tasks start without a login: a
 * Docker engine does not ask a registry for an image that it has by digest.
 */
export function pullScript(): Script<readonly string[]> {
  return {
    text: pullText,
    stdin: (images) => linesOf(hostOf(images[0] ?? ""), ...images.toSorted()),
  };
}

const pullText = `IFS= read -r host
${helper}
pull() {
  for _ in 1 2 3; do
    if docker --config ${configFolder} pull --quiet "$1" </dev/null >/dev/null; then return; fi
    sleep 3
  done
  echo "could not pull $1; $(df -h --output=avail /var/lib/docker | tail -n 1 | tr -d ' ') are free on this host" >&2
  return 1
}
while IFS= read -r image; do
  if [ -z "$image" ] || docker image inspect "$image" >/dev/null 2>&1; then continue; fi
  pull "$image"
done
`;

/**
 * Script that installs a timer that renews the tokens in the services' specs. It belongs on
 * every manager; only the leader acts. It restarts no task. Its value is a repository.
 */
export function renewScript(): Script<string> {
  return { text: renewText(), stdin: (repository) => linesOf(hostOf(repository)) };
}

function renewText(): string {
  return `IFS= read -r host
${helper}
cat >/usr/local/sbin/${tokensUnit} <<'END'
${renewal()}END
chmod 0755 /usr/local/sbin/${tokensUnit}
cat >/etc/systemd/system/${tokensUnit}.service <<END
[Unit]
Description=Young tokens of $host in the services of the swarm
After=docker.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/${tokensUnit} $host
END
cat >/etc/systemd/system/${tokensUnit}.timer <<'END'
[Unit]
Description=Young tokens of ECR in the services of the swarm
[Timer]
OnBootSec=2min
OnUnitInactiveSec=10min
[Install]
WantedBy=timers.target
END
systemctl daemon-reload
systemctl enable --quiet --now ${tokensUnit}.timer
`;
}

/** What the timer runs; its argument is the registry's host. */
export function renewal(): string {
  return `#!/bin/bash
# Renews the token of every service whose image is in the registry and whose token is old.
set -euo pipefail
host=$1
young=/run/${tokensUnit}
leads=$(docker node inspect self --format '{{with .ManagerStatus}}{{.Leader}}{{end}}' 2>/dev/null || true)
if [ "$leads" != true ]; then
  # Another manager renews; when this one leads again it begins anew.
  rm -rf "$young"
  exit 0
fi
mkdir -p "$young"
failed=0
for service in $(docker service ls --quiet); do
  image=$(docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' "$service" 2>/dev/null || true)
  if [ "\${image%%/*}" != "$host" ]; then continue; fi
  if [ -n "$(find "$young" -name "$service" -mmin -${renewAfter})" ]; then continue; fi
  if docker --config ${configFolder} service update --detach --quiet --with-registry-auth --no-resolve-image "$service" >/dev/null; then
    touch "$young/$service"
  else
    failed=1
  fi
done
exit "$failed"
`;
}
