import { managerPort } from "../../model/swarm-ports";
import type { FileSettings } from "../schema/file";
import { type MeshSettings, meshOverlayMtu } from "./mesh";

/** Where other nodes reach a node; each an IPv4 address or an interface. What is left out is Docker's choice. */
export interface NodeAddresses {
  /** With a port or without. @default the host's private address */
  readonly advertise?: string;
  /** With a port or without. @default 0.0.0.0:2377 */
  readonly listen?: string;
  /** @default the one of `advertise` */
  readonly dataPath?: string;
}

/** The network of published ports. */
export interface IngressSettings {
  /** @default taken from the swarm's address pools */
  readonly subnet?: string;
  /** Bytes. @default Docker's */
  readonly mtu?: number;
}

/** Settings of the swarm that Docker decides where the file says nothing. */
export interface OwnSwarmSettings {
  /** @default none */
  readonly mesh?: MeshSettings;
  /** The existing machines bring their swarm along. @default false */
  readonly adopt?: boolean;
  /** `down` ends an adopted swarm. @default false */
  readonly dissolve?: boolean;
  /** Prefix length of subnets from the pools. @default 24 */
  readonly addressPoolMask?: number;
  /** UDP port of overlay networks. @default 4789 */
  readonly dataPathPort?: number;
  /** @default Docker's */
  readonly ingress?: IngressSettings;
  /** Bytes, of overlay networks that state none. @default 1450 */
  readonly mtu?: number;
  /** Of overlay networks that state nothing. @default false */
  readonly encrypted?: boolean;
  /** @default false */
  readonly autolock?: boolean;
  /** Another text gives a new unlock key. @default none */
  readonly rotateUnlockKey?: string;
  /** @default 2160h */
  readonly certificateExpiry?: string;
  /** @default 5 */
  readonly taskHistory?: number;
  /** @default false */
  readonly rotateTokens?: boolean;
  /** True, or the folder on the share that they are written to. @default false */
  readonly tokenFiles?: boolean | string;
}

/** What the file says of these settings, and nothing else. */
export function ownSwarmSettings(
  stated: FileSettings["swarm"] = {},
): Omit<OwnSwarmSettings, "mesh"> {
  const { firstManager, addressPools, platformPool, discovery, publish, ...rest } = stated;
  const { hostname, drainTimeout, advertise, listen, dataPath, ...more } = rest;
  const { ingress: written, mesh, ...rests } = more;
  const mtu = rests.mtu ?? meshOverlayMtu(mesh);
  const own = { ...rests, ...(mtu === undefined ? {} : { mtu }) };
  // Published ports need packets as small as all others do.
  const ingress = { ...(own.mtu === undefined ? {} : { mtu: own.mtu }), ...written };
  return { ...own, ...(Object.keys(ingress).length === 0 ? {} : { ingress }) };
}

/** Networks that belong to the swarm, where no machine and no Docker engine may have an address of its own. */
export function swarmNetworks({
  platformPool,
  addressPools,
  ingress,
  mesh,
}: SwarmNetworks): readonly string[] {
  const published = ingress?.subnet === undefined ? [] : [ingress.subnet];
  const meshed = mesh === undefined ? [] : [mesh.subnet];
  return [platformPool, ...addressPools, ...published, ...meshed];
}

/** What decides them. */
export interface SwarmNetworks extends Pick<OwnSwarmSettings, "ingress" | "mesh"> {
  readonly platformPool: string;
  readonly addressPools: readonly string[];
}

/** Port on which a manager answers other nodes. */
export function managerPortOf({ advertise, listen }: NodeAddresses = {}): number {
  return Number(advertise?.split(":")[1] ?? listen?.split(":")[1] ?? managerPort);
}
