import { gossipPort, overlayPort } from "../../components/model/swarm-ports";
import {
  countedIn,
  judgeReach,
  lookedIn,
  type Peer,
  type Reach,
  type Sight,
  type SwarmPorts,
  tcpPortsOf,
  triedIn,
  waysOut,
} from "../../components/observe/reach/judge";
import {
  countScript,
  lookScript,
  readScript,
  tryScript,
} from "../../components/observe/reach/scripts";
import { renderTable } from "./table";

/** A host as the settings know it. */
export interface Declared {
  readonly name: string;
  readonly role: "manager" | "worker";
  /** Where the settings say that it is reached. @default its own choice */
  readonly advertise?: string;
  /** TCP port on which it answers as a manager. */
  readonly managerPort: number;
}

/** Runs a script as root on a host. @throws when the host does not answer or the script fails */
export type RunOn = (host: string, script: string, input: string) => Promise<string>;

/** What was found out, and about which hosts nothing could be. */
export interface Checked extends Reach {
  /** Hosts that did not answer, with the reason. */
  readonly silent: ReadonlyMap<string, string>;
  readonly peers: readonly Peer[];
}

/**
 * Has every host try every other one on the ports of a swarm, in both directions. It works before a host has joined:
 * a port on which nothing listens yet still tells whether packets get through.
 */
export async function checkReach(
  hosts: readonly Declared[],
  dataPath: number | undefined,
  run: RunOn,
): Promise<Checked> {
  const ports = { gossip: gossipPort, dataPath: dataPath ?? overlayPort };
  const silent = new Map<string, string>();
  const found = await Promise.all(
    hosts.map(async ({ name, role, managerPort, advertise = "" }): Promise<readonly Peer[]> => {
      try {
        const printed = await run(name, lookScript.text, lookScript.stdin({ advertise }));
        return [{ name, role, managerPort, ...lookedIn(printed) }];
      } catch (error) {
        silent.set(name, messageOf(error));
        return [];
      }
    }),
  );
  const peers = found.flat();
  const sights = await lookAround(peers, ports, run);
  return { ...judgeReach(peers, sights, ports), silent, peers };
}

async function lookAround(
  peers: readonly Peer[],
  ports: SwarmPorts,
  run: RunOn,
): Promise<ReadonlyMap<string, Sight>> {
  const { gossip, dataPath } = ports;
  const others = (peer: Peer) => peers.filter((one) => one !== peer);
  const each = <T>(work: (peer: Peer) => Promise<T>) =>
    Promise.all(peers.map((peer) => work(peer).catch(() => undefined)));
  const counts = await each((peer) => {
    const from = others(peer).map(({ address }) => address);
    return run(peer.name, countScript.text, countScript.stdin({ from, ports: [gossip, dataPath] }));
  });
  const tried = await each((peer) => {
    const tcp = others(peer).flatMap((to) =>
      tcpPortsOf(to, ports).map((port) => `${to.address}:${port}`),
    );
    const udp = others(peer).flatMap(({ address }) => [
      `${address}:${gossip}`,
      `${address}:${dataPath}`,
    ]);
    return run(peer.name, tryScript.text, tryScript.stdin({ tcp, udp }));
  });
  const counted = await each((peer) => run(peer.name, readScript, ""));
  return new Map(
    peers.map(({ name }, index) => {
      const [tcp, udp] = [tried[index], counted[index]];
      const sight: Sight = {
        ...(tcp === undefined ? {} : { tcp: triedIn(tcp) }),
        // Without its rules a host has counted nothing, which says nothing.
        ...(counts[index] === undefined || udp === undefined ? {} : { udp: countedIn(udp) }),
      };
      return [name, sight];
    }),
  );
}

/** A table of what is blocked, with what opens it; one line when all is open. Pure. */
export function renderReach({ blocked, unknown, silent, peers }: Checked): readonly string[] {
  const rows = blocked.map(({ from, to, port, why }) => [from.name, to.name, port, why]);
  const all = peers.length > 1 ? "Between all nodes every port of the swarm is open." : "";
  return [
    ...(rows.length > 0 ? renderTable(["FROM", "TO", "PORT", "BLOCKED"], rows) : []),
    ...waysOut(blocked).map((text) => `  what to do: ${text}`),
    ...(unknown.length > 0 ? [`It is not known ${unknown.join(", ")}.`] : []),
    ...[...silent].map(([name, why]) => `${name} could not be asked: ${why}`),
    ...(rows.length + unknown.length + silent.size === 0 && all !== "" ? [all] : []),
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
