// cspell:words veth virbr
import { isIP, isIPv4 } from "node:net";
import type { Environment, HostSettings } from "../../config/environment/environment";
import type { FirewallSettings } from "../../config/environment/ssh";
import { managerPort, overlayPort } from "../../model/swarm-ports";
import type { FirewallArgs, HostPort } from "../machine/firewall/rules";
import { MESH_INTERFACE } from "../mesh/tunnel";
import type { FactsByNode } from "./placement";

/** What is known of existing machines. */
export interface KnownMachines {
  readonly facts: FactsByNode;
  /** Addresses at which other nodes reach them, by the names of their nodes. */
  readonly privateAddresses: ReadonlyMap<string, string>;
}

/** What the firewall of a machine must know. Pure. */
export function firewallArgs(
  environment: Environment,
  host: HostSettings,
  { from, nodes }: FirewallSettings,
  known: KnownMachines,
): FirewallArgs {
  const addresses = environment.hosts.flatMap((one) => addressesOf(one, known));
  return {
    nodes: [...new Set([...addresses, ...nodes])].sort(),
    managerPorts: managerPortsOf(host),
    dataPathPort: environment.swarm.dataPathPort ?? overlayPort,
    sshPorts: sshPorts(environment),
    hostPorts: hostPorts(environment),
    from,
    ...meshDoor(environment),
    ...(servesNfs(environment, host) ? { servesNfs: true } : {}),
  };
}

function servesNfs({ share }: Environment, { name }: HostSettings): boolean {
  return share.kind === "nfs" && share.served && share.server === name;
}

/** A machine may have its public address at a gateway: then packets come from where it is reached. */
function meshDoor({ swarm, hosts }: Environment): Pick<FirewallArgs, "mesh"> {
  if (swarm.mesh === undefined) return {};
  const from = hosts.flatMap((host) => {
    if (host.kind !== "ssh") return [];
    const { address, via, meshEndpoint } = host.ssh;
    const stated = meshEndpoint === undefined ? [] : [meshEndpoint.replace(/:\d+$/, "")];
    // An address behind a jump host is a private one, which the others may not see.
    return [...stated, ...(via.length === 0 ? [address] : [])].filter((place) => isIP(place) !== 0);
  });
  const { port, subnet } = swarm.mesh;
  return { mesh: { port, from: [...new Set(from)].sort(), subnet, tunnel: MESH_INTERFACE } };
}

/** Interfaces whose addresses nobody outside the machine sees, and the mesh's, whose addresses the file decides. */
const INNER = new RegExp(`^(docker|br-|veth|virbr|${MESH_INTERFACE}$)`);

/** Addresses that a node's packets may come from: with several networks, that is not only its private one. */
export function addressesOf(
  host: HostSettings,
  { facts, privateAddresses }: KnownMachines,
): readonly string[] {
  const stated = Object.values(host.addresses ?? {}).flatMap((value) => {
    const [place = ""] = value.split(":");
    return isIPv4(place) && place !== "0.0.0.0" ? [place] : [];
  });
  if (host.kind === "local") return [host.privateAddress, ...stated];
  if (host.kind === "aws") {
    const { privateAddress } = host.aws;
    return [...(privateAddress === undefined ? [] : [privateAddress]), ...stated];
  }
  const own = privateAddresses.get(host.name);
  const seen = facts.get(host.name)?.interfaces.filter(({ name }) => !INNER.test(name)) ?? [];
  return [
    ...(own === undefined ? [] : [own]),
    ...seen.map(({ address }) => address.replace(/\/.*/, "")),
    ...stated,
  ];
}

/** The port that it listens on, and the one that others are given. */
function managerPortsOf({ addresses = {} }: HostSettings): readonly number[] {
  const { advertise, listen } = addresses;
  const ports = [listen?.split(":")[1] ?? managerPort, advertise?.split(":")[1] ?? []].flat();
  return [...new Set(ports.map(Number))];
}

/** Ports of sshd on any machine or jump host: a machine may be the jump host of another, by another name. */
function sshPorts({ hosts }: Environment): readonly number[] {
  const ports = hosts.flatMap((host) =>
    host.kind === "ssh" ? [host.ssh, ...host.ssh.via].map(({ port }) => port) : [],
  );
  return [...new Set(ports)].sort((a, b) => a - b);
}

function hostPorts({ platforms }: Environment): readonly HostPort[] {
  return platforms.flatMap(({ plan }) =>
    Object.values(plan.services).flatMap(({ ports = [] }) =>
      ports.flatMap(({ mode, published, protocol = "tcp" }) =>
        mode === "host" && published !== undefined ? [{ port: published, protocol }] : [],
      ),
    ),
  );
}
