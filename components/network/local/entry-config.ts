import type { PublishedPort } from "../../config/environment/published-ports";
import { NODES_NAME } from "./ports";

/**
 * Ports by platform, in the order of the platforms; those without a port are left out. A port of
 * two platforms is open once on this machine: the first one's forwarder leads to the nodes of both.
 */
export function portsByPlatform(
  ports: readonly PublishedPort[],
): ReadonlyMap<string, readonly PublishedPort[]> {
  const isFirst = ({ published, protocol }: PublishedPort, before: readonly PublishedPort[]) =>
    !before.some((one) => one.published === published && one.protocol === protocol);
  const open = ports.filter((port, index) => isFirst(port, ports.slice(0, index)));
  const names = [...new Set(open.map(({ platform }) => platform))];
  return new Map(names.map((name) => [name, open.filter(({ platform }) => platform === name)]));
}

/** Ports that the entry can serve, and those it cannot. One item per port, sorted. */
export function sortPorts(ports: readonly PublishedPort[]): {
  readonly tcp: readonly number[];
  readonly other: readonly PublishedPort[];
} {
  const tcp = ports.filter((port) => port.protocol === "tcp").map((port) => port.published);
  return {
    tcp: [...new Set(tcp)].sort((a, b) => a - b),
    other: ports.filter((port) => port.protocol !== "tcp"),
  };
}

/** Maximum number of nodes that the entry forwards to. */
const MOST_NODES = 128;

/**
 * The configuration of haproxy that passes each port on to the nodes where it is open.
 *
 * The Docker engine's DNS says which nodes there are, so adding or removing one changes nothing
 * here. A node without a task refuses the check, which is cheap, so down nodes are checked often
 * and a new task is found within half a second. A node with a task is checked only every two
 * seconds, with a clean close; the first real connection that fails takes the node out and goes
 * to another one.
 */
export function entryConfig(tcpPorts: readonly number[]): string {
  const sections = tcpPorts.map((port) =>
    [
      `listen port-${port}`,
      `  bind :${port}`,
      `  server-template node 1-${MOST_NODES} ${NODES_NAME}:${port}`,
    ].join("\n"),
  );
  return `${[GENERAL, ...sections].join("\n\n")}\n`;
}

const GENERAL = `global
  log stdout format raw local0 err
  maxconn 4000
  spread-checks 20

resolvers engine
  nameserver dns 127.0.0.11:53
  accepted_payload_size 8192
  timeout resolve 1s
  timeout retry 1s
  hold valid 1s
  hold obsolete 3s

defaults
  mode tcp
  balance roundrobin
  option redispatch 1
  retries 5
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  timeout check 1s
  option tcp-check
  tcp-check connect linger
  default-server check inter 2s fastinter 300ms downinter 500ms fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down resolvers engine resolve-prefer ipv4 init-addr none`;
