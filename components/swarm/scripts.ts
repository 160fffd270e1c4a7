import { linesOf, type Script } from "../model/script";
import { managerPort } from "../model/swarm-ports";

// The Docker engine's own state; a node that only lost its connection is still "active".
const localState = "docker info --format '{{.Swarm.LocalNodeState}}'";

/**
 * Script that makes the host's Docker engine the first manager of a new swarm, with these pools
 * for overlay networks without a subnet.
 * It does nothing when the Docker engine is in a swarm, and refuses while another declared manager answers.
 */
export function initScript(addressPools: readonly string[]): Script<InitValues> {
  return {
    text: initText(addressPools),
    stdin: ({ address, others }) => linesOf(address, others.join(" ")),
  };
}

/** What an init needs to know. */
export interface InitValues {
  /** The address to advertise. */
  readonly address: string;
  /** Addresses of the other managers. */
  readonly others: readonly string[];
}

function initText(addressPools: readonly string[]): string {
  const pools = addressPools.map((pool) => ` --default-addr-pool ${pool}`).join("");
  return `IFS= read -r address
IFS= read -r others || true
state=$(${localState})
if [ "$state" = active ]; then exit 0; fi
if [ "$state" != inactive ]; then docker swarm leave --force >/dev/null; fi
for other in $others; do
  if timeout 3 bash -c "exec 3<>/dev/tcp/$other/${managerPort}" 2>/dev/null; then
    echo "refusing to init a second swarm: the manager at $other already runs one." >&2
    echo "Set swarmyard:swarm.firstManager to that host, then run up again." >&2
    exit 1
  fi
done
docker swarm init --availability drain --advertise-addr "$address"${pools} --default-addr-pool-mask-length 24 >/dev/null
`;
}

/**
 * Script that joins the host's Docker engine, drained, so that no task lands before it has its labels.
 * A Docker engine that is already in this swarm stays; one of another swarm leaves that first.
 */
export function joinScript(): Script<JoinValues> {
  return {
    text: joinText(),
    stdin: ({ swarm, address, managers, token }) =>
      linesOf(swarm, address, managers.join(" "), token),
  };
}

/** What a join needs to know. */
export interface JoinValues {
  /** The swarm's id. */
  readonly swarm: string;
  /** The address to advertise. */
  readonly address: string;
  /** Addresses of the managers. */
  readonly managers: readonly string[];
  /** A secret. */
  readonly token: string;
}

function joinText(): string {
  // The Docker API through curl: the docker command accepts the token only as an argument, which `ps` shows.
  return `IFS= read -r swarm
IFS= read -r address
IFS= read -r managers
IFS= read -r token
certificate=/var/lib/docker/swarm/certificates/swarm-node.crt
state=$(${localState})
if [ "$state" = active ] && openssl x509 -noout -subject -in "$certificate" | grep -qw "$swarm"; then exit 0; fi
if [ "$state" != inactive ]; then docker swarm leave --force >/dev/null; fi
remotes=
for manager in $managers; do
  [ "$manager" = "$address" ] || remotes="$remotes\${remotes:+,}\\"$manager:${managerPort}\\""
done
answer=$(printf '{"ListenAddr":"0.0.0.0:${managerPort}","AdvertiseAddr":"%s","Availability":"drain","RemoteAddrs":[%s],"JoinToken":"%s"}' "$address" "$remotes" "$token" |
  curl --silent --show-error --max-time 60 --unix-socket /var/run/docker.sock --header 'Content-Type: application/json' --data-binary @- http://localhost/swarm/join)
for _ in $(seq 30); do
  if [ "$(${localState})" = active ]; then exit 0; fi
  sleep 1
done
echo "could not join the swarm of [$managers]: $answer" >&2
exit 1
`;
}

/** Script that leaves the swarm, for machines that outlive the stack. */
export function leaveScript(): string {
  return `if [ "$(${localState})" != inactive ]; then timeout 60 docker swarm leave --force >/dev/null; fi\n`;
}
