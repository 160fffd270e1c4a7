import { isIPv4 } from "node:net";
import { printable } from "../../model/printable";

/** A host that others must reach. */
export interface Peer {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly address: string;
  /** TCP ports on which it listens. */
  readonly listens: readonly number[];
  /** TCP port of managers. */
  readonly managerPort: number;
}

/** What one host saw of the others; undefined parts could not be tried there. */
export interface Sight {
  /** By `<address>:<port>`: open, refused, silent or unreachable. */
  readonly tcp?: ReadonlyMap<string, string>;
  /** Packets that arrived here, by `<address of the sender>:<port>`. */
  readonly udp?: ReadonlyMap<string, number>;
}

/** Something between two hosts that does not get through. */
export interface Blocked {
  readonly from: Peer;
  readonly to: Peer;
  /** Such as `7946/udp`. */
  readonly port: string;
  /** What was seen. */
  readonly why: string;
}

/** What is between hosts. */
export interface Reach {
  readonly blocked: readonly Blocked[];
  /** What could not be tried, in words. */
  readonly unknown: readonly string[];
}

/** Ports of a swarm. */
export interface SwarmPorts {
  /** TCP and UDP. */
  readonly gossip: number;
  /** UDP. */
  readonly dataPath: number;
}

/** TCP ports of a host that others must reach: of a manager also the one for managers. */
export function tcpPortsOf({ role, managerPort }: Peer, { gossip }: SwarmPorts): readonly number[] {
  return role === "manager" ? [managerPort, gossip] : [gossip];
}

/** Reads lines such as `tcp 10.0.0.2:2377 open` into a map. */
export function triedIn(printed: string): ReadonlyMap<string, string> {
  const lines = [...printed.matchAll(/^tcp (\S+) (\w+)$/gm)];
  return new Map(lines.map(([, place = "", result = ""]) => [place, result]));
}

/** Reads lines such as `counted 10.0.0.2 7946 3` into a map. */
export function countedIn(printed: string): ReadonlyMap<string, number> {
  const lines = [...printed.matchAll(/^counted (\S+) (\d+) (\d+)$/gm)];
  return new Map(lines.map(([, from, port, packets]) => [`${from}:${port}`, Number(packets)]));
}

/**
 * Reads what a host says of itself.
 *
 * @throws Error when its address is not an IPv4 address: other hosts use it in their scripts, as root
 */
export function lookedIn(printed: string): Pick<Peer, "address" | "listens"> {
  const listens = [...printed.matchAll(/^listens (\d+)$/gm)].map(([, port]) => Number(port));
  const address = /^address (.*)$/m.exec(printed)?.[1] ?? "";
  if (isIPv4(address)) return { address, listens };
  const said = address === "" ? "no address" : `"${printable(address).slice(0, 60)}"`;
  throw new Error(`it names ${said} as the place where others reach it, not an IPv4 address`);
}

/** What does not get through, in both directions between all hosts. Pure. */
export function judgeReach(
  peers: readonly Peer[],
  sights: ReadonlyMap<string, Sight>,
  ports: SwarmPorts,
): Reach {
  const pairs = peers.flatMap((from) =>
    peers.filter((to) => to !== from).map((to) => ({ from, to })),
  );
  const blocked = pairs.flatMap(({ from, to }) => [
    ...blockedTcp(from, to, sights.get(from.name)?.tcp, ports),
    ...blockedUdp(from, to, sights.get(to.name)?.udp, ports),
  ]);
  const unknown = peers.flatMap(({ name }) => {
    const { tcp, udp } = sights.get(name) ?? {};
    return [
      ...(tcp === undefined ? [`what ${name} reaches over TCP`] : []),
      ...(udp === undefined ? [`which UDP packets reach ${name}`] : []),
    ];
  });
  return { blocked, unknown };
}

function blockedTcp(
  from: Peer,
  to: Peer,
  tried: Sight["tcp"],
  ports: SwarmPorts,
): readonly Blocked[] {
  if (tried === undefined) return [];
  return tcpPortsOf(to, ports).flatMap((port): readonly Blocked[] => {
    const result = tried.get(`${to.address}:${port}`);
    const blocked = (why: string) => [{ from, to, port: `${port}/tcp`, why }];
    // Where nothing listens yet, a refusal shows that packets get through.
    if (result === "refused" && to.listens.includes(port)) return blocked("refused on the way");
    if (result === "silent") return blocked("no answer within 3 s");
    if (result === "unreachable") return blocked("no way to that address");
    return [];
  });
}

function blockedUdp(
  from: Peer,
  to: Peer,
  counted: Sight["udp"],
  { gossip, dataPath }: SwarmPorts,
): readonly Blocked[] {
  if (counted === undefined) return [];
  return [gossip, dataPath].flatMap((port) => {
    if ((counted.get(`${from.address}:${port}`) ?? 0) > 0) return [];
    return [{ from, to, port: `${port}/udp`, why: "no packet of three arrived" }];
  });
}

/** What opens the way, for a person: one sentence for each host that must let something in. Pure. */
export function waysOut(blocked: readonly Blocked[]): readonly string[] {
  const byHost = new Map<string, Blocked[]>();
  for (const one of blocked) {
    byHost.set(one.to.name, [...(byHost.get(one.to.name) ?? []), one]);
  }
  return [...byHost].map(([name, all]) => {
    const ports = [...new Set(all.map(({ port }) => port))].sort().join(", ");
    const from = [...new Set(all.map((one) => one.from.address))].sort();
    const [source = "", first = ""] = [from[0], all[0]?.port];
    const [number, protocol] = first.split("/");
    const command = `ufw allow from ${source} to any port ${number} proto ${protocol}`;
    return `open ${ports} on ${name} for ${from.join(", ")}, in its own firewall and in that of its provider; with ufw, for the first: ${command}`;
  });
}
