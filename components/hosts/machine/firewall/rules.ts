// cspell:words conntrack ctstate dports firewalld gwbridge multiport
import { gossipPort } from "../../../model/swarm-ports";

/** A port that services publish. */
export interface PublishedPort {
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "sctp";
}

/** What a machine's firewall must know. */
export interface FirewallArgs {
  /** Addresses of all nodes: they reach every port of the swarm, and published ones. */
  readonly nodes: readonly string[];
  /** TCP port of managers. */
  readonly managerPort: number;
  /** UDP port of overlay networks. */
  readonly dataPathPort: number;
  /** Port of the machine's sshd; it stays open, whatever else is closed. */
  readonly sshPort: number;
  /** Ports that services publish. */
  readonly published: readonly PublishedPort[];
  /** Networks that may reach published ports. @default only nodes */
  readonly from: readonly string[];
}

/** What a machine's firewall becomes. */
export interface Firewall {
  /**
   * Rules of our own chain for IPv4 and IPv6, without the chain's name. They are seen before Docker redirects
   * a packet to a container, so they hold for published ports too, which other firewalls never see.
   */
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  /** Arguments of `ufw`, where it is active: it would refuse what our chain lets through. */
  readonly ufw: readonly string[];
  /** Rich rules of firewalld, where it runs. */
  readonly firewalld: readonly string[];
}

const ESP = "esp";
/** Most ports that one match of iptables takes. */
const MOST_PORTS = 15;

/**
 * The rules of a machine: the swarm's ports are open between nodes only, published ones to the named networks.
 * Everything else stays as the machine has it. Pure.
 */
export function firewallRules(args: FirewallArgs): Firewall {
  const { nodes, sshPort, published, from } = args;
  const closed = closedPorts(args);
  const end = [...drops(closed), "-p esp -j DROP"];
  const always = [
    "-i lo -j RETURN",
    "-i docker0 -j RETURN",
    "-i docker_gwbridge -j RETURN",
    "-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
    `-p tcp --dport ${sshPort} -j RETURN`,
  ];
  const [four, six] = [
    from.filter((one) => !one.includes(":")),
    from.filter((one) => one.includes(":")),
  ];
  const lets = (networks: readonly string[]) =>
    networks.flatMap((network) =>
      matches(published).map((match) => `-s ${network} ${match} -j RETURN`),
    );
  return {
    ipv4: [...always, ...nodes.map((node) => `-s ${node} -j RETURN`), ...lets(four), ...end],
    ipv6: [...always, ...lets(six), ...end],
    ...openings(args),
  };
}

/** Ports that are closed to everybody else; sshd's never is. */
function closedPorts(args: FirewallArgs): readonly PublishedPort[] {
  const all = [...swarmPorts(args), ...args.published];
  return all.filter(({ port, protocol }) => protocol !== "tcp" || port !== args.sshPort);
}

function swarmPorts({ managerPort, dataPathPort }: FirewallArgs): readonly PublishedPort[] {
  return [
    { port: managerPort, protocol: "tcp" },
    { port: gossipPort, protocol: "tcp" },
    { port: gossipPort, protocol: "udp" },
    { port: dataPathPort, protocol: "udp" },
  ];
}

/** Matches of iptables for ports, by protocol. */
function matches(ports: readonly PublishedPort[]): readonly string[] {
  return byProtocol(ports).flatMap(([protocol, numbers]) =>
    chunks(numbers).map((some) => `-p ${protocol} -m multiport --dports ${some.join(",")}`),
  );
}

function drops(ports: readonly PublishedPort[]): readonly string[] {
  return matches(ports).map((match) => `${match} -j DROP`);
}

function byProtocol(
  ports: readonly PublishedPort[],
): readonly (readonly [string, readonly number[]])[] {
  return (["tcp", "udp", "sctp"] as const).flatMap((protocol) => {
    const numbers = ports.flatMap((one) => (one.protocol === protocol ? [one.port] : []));
    const sorted = [...new Set(numbers)].sort((a, b) => a - b);
    return sorted.length === 0 ? [] : [[protocol, sorted] as const];
  });
}

function chunks(numbers: readonly number[]): readonly (readonly number[])[] {
  const count = Math.ceil(numbers.length / MOST_PORTS);
  return Array.from({ length: count }, (_, n) =>
    numbers.slice(n * MOST_PORTS, (n + 1) * MOST_PORTS),
  );
}

/** What other firewalls must let through; what is published goes past them, as Docker redirects it earlier. */
function openings(args: FirewallArgs): Pick<Firewall, "ufw" | "firewalld"> {
  const { nodes } = args;
  const ports = byProtocol(swarmPorts(args));
  return {
    ufw: nodes.flatMap((node) => [
      ...ports.map(
        ([protocol, numbers]) =>
          `allow proto ${protocol} from ${node} to any port ${numbers.join(",")}`,
      ),
      `allow proto ${ESP} from ${node}`,
    ]),
    firewalld: nodes.flatMap((node) => [
      ...ports.flatMap(([protocol, numbers]) =>
        numbers.map(
          (port) =>
            `rule family="ipv4" source address="${node}" port port="${port}" protocol="${protocol}" accept`,
        ),
      ),
      `rule family="ipv4" source address="${node}" protocol value="${ESP}" accept`,
    ]),
  };
}
