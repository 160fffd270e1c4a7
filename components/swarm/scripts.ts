import type { NodeAddresses } from "../config/environment/swarm";
import { linesOf, type Script } from "../model/script";
import { managerPort } from "../model/swarm-ports";
import { type Answers, localState, lookFirst, markSwarm, ownSwarm } from "./engine-states";

/** What a swarm is made with. */
export interface InitOptions {
  /** Pools for overlay networks without a subnet. */
  readonly addressPools: readonly string[];
  /** Prefix length of subnets from the pools. @default 24 */
  readonly addressPoolMask?: number;
  /** UDP port of overlay networks. @default Docker's */
  readonly dataPathPort?: number;
  /** Where the host is reached. @default its private address */
  readonly addresses?: NodeAddresses;
  /** Each manager's address has its port. @default false, they listen on 2377 */
  readonly withPorts?: boolean;
  /** States of the Docker engine that end the script. @default "none" */
  readonly answers?: Answers;
}

/**
 * Script that makes the host's Docker engine the first manager of a new swarm.
 * It does nothing when the Docker engine is in a swarm, and refuses while another declared manager answers.
 */
export function initScript(options: InitOptions): Script<InitValues> {
  const { answers = "none" } = options;
  return {
    text: initText(options),
    stdin: ({ address, others, owner }) =>
      linesOf(address, others.join(" "), ...(readsOwner(answers) ? [owner] : [])),
  };
}

/** What an init needs to know. */
export interface InitValues {
  /** The address to advertise. */
  readonly address: string;
  /** Addresses of the other managers. */
  readonly others: readonly string[];
  /** Project and stack; read where a machine may be in a swarm of somebody else. */
  readonly owner: string;
}

function readsOwner(answers: Answers): boolean {
  return answers === "all" || answers === "adopt";
}

function initText(options: InitOptions): string {
  const { addressPools, addressPoolMask = 24, dataPathPort, addresses = {} } = options;
  const { withPorts = false, answers = "none" } = options;
  const { advertise, listen, dataPath } = addresses;
  const pools = addressPools.map((pool) => ` --default-addr-pool ${pool}`).join("");
  const chosen = [
    dataPathPort === undefined ? "" : ` --data-path-port ${dataPathPort}`,
    listen === undefined ? "" : ` --listen-addr ${listen}`,
    dataPath === undefined ? "" : ` --data-path-addr ${dataPath}`,
  ].join("");
  const [host, port] = withPorts
    ? ["${other%:*}", "${other##*:}"]
    : ["$other", String(managerPort)];
  const all = answers === "all";
  if (answers === "adopt") {
    return `IFS= read -r _\nIFS= read -r _ || true\nIFS= read -r owner\n${lookFirst(answers, "init")}`;
  }
  return `IFS= read -r ${advertise === undefined ? "address" : "_"}
IFS= read -r others || true
${all ? "IFS= read -r owner\n" : ""}${lookFirst(answers, "init")}for other in $others; do
  if timeout 3 bash -c "exec 3<>/dev/tcp/${host}/${port}" 2>/dev/null; then
    echo "refusing to init a second swarm: the manager at $other already runs one." >&2
    echo "Set swarmyard:swarm.firstManager to that host, then run up again." >&2
    exit 1
  fi
done
${all ? markSwarm.before : ""}docker swarm init --availability drain --advertise-addr ${advertise ?? '"$address"'}${pools} --default-addr-pool-mask-length ${addressPoolMask}${chosen} >/dev/null
${all ? markSwarm.after : ""}`;
}

/** How a host joins. */
export interface JoinOptions {
  /** Where the host is reached. @default its private address */
  readonly addresses?: NodeAddresses;
  /** Each manager's address has its port. @default false, they listen on 2377 */
  readonly withPorts?: boolean;
  /** States of the Docker engine that end the script. @default "none" */
  readonly answers?: Answers;
}

/**
 * Script that joins the host's Docker engine, drained, so that no task lands before it has its labels.
 * A Docker engine that is already in this swarm stays.
 */
export function joinScript(options: JoinOptions = {}): Script<JoinValues> {
  return {
    text: joinText(options),
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

function joinText({ addresses = {}, withPorts = false, answers = "none" }: JoinOptions): string {
  const { advertise, listen, dataPath } = addresses;
  const dataPathAddress = dataPath === undefined ? "" : `"DataPathAddr":"${dataPath}",`;
  const at = listen ?? `0.0.0.0:${managerPort}`;
  const own = withPorts ? '"${manager%:*}"' : '"$manager"';
  const port = withPorts ? "" : `:${managerPort}`;
  // The Docker API through curl: the docker command accepts the token only as an argument, which `ps` shows.
  return `IFS= read -r swarm
IFS= read -r address
IFS= read -r managers
IFS= read -r token
${lookFirst(answers, "join")}remotes=
for manager in $managers; do
  [ ${own} = "$address" ] || remotes="$remotes\${remotes:+,}\\"$manager${port}\\""
done
answer=$(printf '{"ListenAddr":"${at}","AdvertiseAddr":"%s",${dataPathAddress}"Availability":"drain","RemoteAddrs":[%s],"JoinToken":"%s"}' ${advertise ?? '"$address"'} "$remotes" "$token" |
  curl --silent --show-error --max-time 60 --unix-socket /var/run/docker.sock --header 'Content-Type: application/json' --data-binary @- http://localhost/swarm/join)
for _ in $(seq 30); do
  if [ "$(${localState})" = active ]; then exit 0; fi
  sleep 1
done
echo "could not join the swarm of [$managers]: $answer" >&2
exit 1
`;
}

/**
 * Script that takes a machine that outlives the stack out of the stack's swarm. It reads the standard input of the
 * init or join that brought it in, and leaves no other swarm.
 */
export function leaveScript(by: "init" | "join"): string {
  const values = by === "init" ? ["_", "_", "owner"] : ["swarm"];
  const forget = by === "init" ? 'rm -f "$mark"\n' : "";
  return `${values.map((value) => `IFS= read -r ${value}\n`).join("")}${ownSwarm(by)}if [ "$state" = inactive ]; then
${forget}exit 0
fi
if [ "$ours" != yes ]; then
  echo "$(hostname) is in another swarm ($whose) and stays in it" >&2
  exit 0
fi
timeout 60 docker swarm leave --force >/dev/null
${forget}`;
}
