// cspell:words addrtype conntrack ctdir ctorigdstport ctproto ctstate dports gwbridge multiport
import { gossipPort, nfsPort } from "../../../model/swarm-ports";

/** A port that a task publishes on its own node only. */
export interface HostPort {
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "sctp";
}

/** What a machine's firewall must know. */
export interface FirewallArgs {
  /** Addresses or networks of all nodes: they reach every port of the swarm, and published ones. */
  readonly nodes: readonly string[];
  /** TCP ports at which the machine answers as a manager. */
  readonly managerPorts: readonly number[];
  /** UDP port of overlay networks. */
  readonly dataPathPort: number;
  /** Ports of sshd, of the machine and of jump hosts; they stay open, whatever else is closed. */
  readonly sshPorts: readonly number[];
  /**
   * Ports that services publish in the mode `host`. The others need not be named. A Docker engine answers these
   * with a program of its own too, over IPv6 for example, which no rule about forwarded packets sees.
   */
  readonly hostPorts: readonly HostPort[];
  /** Networks that may reach published ports. @default only nodes */
  readonly from: readonly string[];
  /** @default the machine is in none */
  readonly mesh?: MeshDoor;
  /** It serves the share over NFS. @default false */
  readonly servesNfs?: boolean;
}

/** Where a machine's tunnels of the mesh arrive. Who has no key gets no answer there, so nothing closes it. */
export interface MeshDoor {
  /** UDP port. */
  readonly port: number;
  /** Addresses that the packets of other machines come from, beside those of nodes. */
  readonly from: readonly string[];
  /** Network that the nodes' addresses in the mesh are from. */
  readonly subnet: string;
  /** Interface of the tunnels. */
  readonly tunnel: string;
}

/** Rules of one version of IP, without the names of their chains. */
export interface ChainRules {
  /** For packets as they arrive, before Docker redirects them to a container. */
  readonly arriving: readonly string[];
  /** For packets that are on their way to somewhere else, such as a container. */
  readonly forwarded: readonly string[];
}

/** What a machine's firewall becomes. */
export interface Firewall {
  /** Before everything else, for IPv4: what must not pass for a node's, such as packets of the machine's own containers. */
  readonly containers: ChainRules;
  /** Let through before the rules that follow. */
  readonly nodes: readonly string[];
  readonly ipv4: ChainRules;
  readonly ipv6: ChainRules;
  /** Arguments of `ufw`, where it is active: it would refuse what our chains let through. */
  readonly ufw: readonly string[];
  /** Rich rules of firewalld, where it runs. */
  readonly firewalld: readonly string[];
}

const ESP = "esp";
/** Most ports that one match of iptables takes. */
const MOST_PORTS = 15;

/**
 * The rules of a machine: the swarm's ports are open between nodes only, published ones to the named networks.
 * Everything else stays as the machine has it.
 *
 * Published ports are not listed. Docker redirects what arrives for them, and every redirected packet on its way to
 * one of Docker's bridges is closed, whichever port it was for. So the rules stay the same when platforms change,
 * no port is open for a moment, and ports that swarm chooses or somebody publishes by hand are closed as well.
 * To the bridges of tasks and of containers alone, packets that were not redirected are closed too: a neighbor on
 * the machine's network can send them to a container's own address, and older Docker engines let them in.
 *
 * Containers reach no port of the swarm and no NFS server: what they send carries a node's address. Pure.
 */
export function firewallRules(args: FirewallArgs): Firewall {
  const { nodes, from } = args;
  const [four, six] = [
    from.filter((one) => !one.includes(":")),
    from.filter((one) => one.includes(":")),
  ];
  return {
    containers: containers(args),
    nodes,
    ipv4: { arriving: arriving(args, four), forwarded: forwarded(args, four) },
    ipv6: { arriving: arriving(args, six), forwarded: forwarded(args, six) },
    ...openings(args),
  };
}

const ANSWERS = "-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN";
/** From the machine's own containers. */
const OWN = ["-i docker0 -j RETURN", "-i docker_gwbridge -j RETURN"];

function arriving(args: FirewallArgs, networks: readonly string[]): readonly string[] {
  const { sshPorts, hostPorts } = args;
  const isSsh = ({ port, protocol }: HostPort) => protocol === "tcp" && sshPorts.includes(port);
  const closed = [...swarmPorts(args), ...hostPorts].filter((one) => !isSsh(one));
  return [
    "-i lo -j RETURN",
    ...OWN,
    ANSWERS,
    ...distinct(sshPorts).map((port) => `-p tcp --dport ${port} -j RETURN`),
    ...networks.flatMap((network) =>
      matches(hostPorts).map((match) => `-s ${network} ${match} -j RETURN`),
    ),
    ...matches(closed).map((match) => `${match} -j DROP`),
    `-p ${ESP} -j DROP`,
  ];
}

/** Docker's bridges of containers alone and of tasks. */
const DOCKER_BRIDGES = ["docker0", "docker_gwbridge"];
/** Bridges of other networks of containers; those of other programs may have such names too. */
const OTHER_BRIDGES = "br-+";

/** What containers ask of this machine and of others; what they answer, and what they send each other, passes. */
function containers(args: FirewallArgs): ChainRules {
  const kept = matches([...swarmPorts(args), { port: nfsPort, protocol: "tcp" }]);
  const asked = "-m conntrack --ctdir ORIGINAL";
  const each = (rule: (bridge: string) => string) =>
    [...DOCKER_BRIDGES, OTHER_BRIDGES].flatMap((bridge) =>
      kept.map((match) => `${rule(bridge)} ${asked} ${match} -j DROP`),
    );
  return {
    arriving: [...forged(args), ...each((bridge) => `-i ${bridge} -m addrtype --dst-type LOCAL`)],
    forwarded: each((bridge) => `-i ${bridge} ! -o ${bridge}`),
  };
}

/**
 * Packets that claim an address of the mesh and did not come out of a tunnel: a neighbor can send them, and with loose
 * reverse path filtering the kernel lets them in.
 */
function forged({ mesh }: FirewallArgs): readonly string[] {
  if (mesh === undefined) return [];
  return ["-i lo -j RETURN", `! -i ${mesh.tunnel} -s ${mesh.subnet} -j DROP`];
}

function forwarded({ sshPorts }: FirewallArgs, networks: readonly string[]): readonly string[] {
  return [
    ...OWN,
    ANSWERS,
    ...distinct(sshPorts).map(
      (port) => `-m conntrack --ctproto tcp --ctorigdstport ${port} -j RETURN`,
    ),
    ...networks.map((network) => `-s ${network} -j RETURN`),
    ...DOCKER_BRIDGES.map((bridge) => `-o ${bridge} -j DROP`),
    `-o ${OTHER_BRIDGES} -m conntrack --ctstate DNAT -j DROP`,
  ];
}

function swarmPorts({ managerPorts, dataPathPort, servesNfs }: FirewallArgs): readonly HostPort[] {
  return [
    ...(servesNfs === true ? [{ port: nfsPort, protocol: "tcp" } as const] : []),
    ...managerPorts.map((port) => ({ port, protocol: "tcp" }) as const),
    { port: gossipPort, protocol: "tcp" },
    { port: gossipPort, protocol: "udp" },
    { port: dataPathPort, protocol: "udp" },
  ];
}

/** Matches of iptables for ports, by protocol. */
function matches(ports: readonly HostPort[]): readonly string[] {
  return byProtocol(ports).flatMap(([protocol, numbers]) =>
    chunks(numbers).map((some) => `-p ${protocol} -m multiport --dports ${some.join(",")}`),
  );
}

function byProtocol(ports: readonly HostPort[]): readonly (readonly [string, readonly number[]])[] {
  return (["tcp", "udp", "sctp"] as const).flatMap((protocol) => {
    const numbers = ports.flatMap((one) => (one.protocol === protocol ? [one.port] : []));
    const sorted = distinct(numbers);
    return sorted.length === 0 ? [] : [[protocol, sorted] as const];
  });
}

function distinct(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function chunks(numbers: readonly number[]): readonly (readonly number[])[] {
  const count = Math.ceil(numbers.length / MOST_PORTS);
  return Array.from({ length: count }, (_, n) =>
    numbers.slice(n * MOST_PORTS, (n + 1) * MOST_PORTS),
  );
}

/** What other firewalls must let through; what is published goes past them, as Docker redirects it earlier. */
function openings(args: FirewallArgs): Pick<Firewall, "ufw" | "firewalld"> {
  const { nodes, mesh } = args;
  const ports = byProtocol(swarmPorts(args));
  const doors = mesh === undefined ? [] : [["udp", [mesh.port]] as const];
  const peers = mesh === undefined ? [] : [...new Set([...nodes, ...mesh.from])].sort();
  return {
    ufw: [
      ...nodes.flatMap((node) => [...ufwRules(node, ports), `allow proto ${ESP} from ${node}`]),
      ...peers.flatMap((peer) => ufwRules(peer, doors)),
    ],
    firewalld: [
      ...nodes.flatMap((node) => [
        ...richRules(node, ports),
        richRule(node, `protocol value="${ESP}"`),
      ]),
      ...peers.flatMap((peer) => richRules(peer, doors)),
    ],
  };
}

type Ports = ReturnType<typeof byProtocol>;

function ufwRules(source: string, ports: Ports): readonly string[] {
  return ports.map(
    ([protocol, numbers]) =>
      `allow proto ${protocol} from ${source} to any port ${numbers.join(",")}`,
  );
}

function richRules(source: string, ports: Ports): readonly string[] {
  return ports.flatMap(([protocol, numbers]) =>
    numbers.map((port) => richRule(source, `port port="${port}" protocol="${protocol}"`)),
  );
}

function richRule(source: string, what: string): string {
  const family = source.includes(":") ? "ipv6" : "ipv4";
  return `rule family="${family}" source address="${source}" ${what} accept`;
}
