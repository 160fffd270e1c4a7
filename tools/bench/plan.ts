import type { PeerName, Size } from "./options";

/** What peers take from our environment, so that all create the same. */
export interface Prepared {
  /** Images that are built before anything is measured. */
  readonly images: { readonly node: string; readonly registry: string; readonly app: string };
  /** Text of the Docker engines' settings. */
  readonly daemon: string;
  /** Linux capabilities that this machine cannot give to a container. */
  readonly missingCapabilities: readonly string[];
  /** Path of the command line and its PULUMI_HOME. */
  readonly pulumi: { readonly command: string; readonly home: string };
}

/** One machine of a peer. */
export interface PlannedHost {
  readonly name: string;
  readonly address: string;
  /** Port of its sshd on 127.0.0.1. */
  readonly port: number;
}

/** What a peer has to create: the same machines, registry and network as our environment. */
export interface Plan {
  readonly name: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly registryAddress: string;
  readonly registryPort: number;
  readonly images: Prepared["images"];
  /** The image as the nodes pull it. */
  readonly service: string;
  readonly hosts: readonly PlannedHost[];
  readonly missingCapabilities: readonly string[];
  /** Text of the Docker engines' settings. */
  readonly daemon: string;
  /** Subnet of the services' network. */
  readonly overlay: string;
}

/** Subnet of the services' network in every subject; 300 services with two tasks need more than a /24. */
export const overlaySubnet = "10.201.0.0/20";
/** Third number of each peer's addresses, and its block of ports. */
const blocks: { readonly [name in PeerName]: number } = { script: 1, docker: 2, ansible: 3 };
const firstPort = 29000;

/** Plans the machines of a peer. Pure. */
export function planFor(peer: PeerName, size: Size, prepared: Prepared): Plan {
  const block = blocks[peer];
  const network = `172.29.24${block}`;
  const ports = firstPort + 100 * block;
  const subnet = `${network}.0/24`;
  return {
    name: `bench-${peer}`,
    subnet,
    gateway: `${network}.1`,
    registryAddress: `${network}.2`,
    registryPort: ports,
    images: prepared.images,
    service: "registry:5000/bench/app:1",
    hosts: Array.from({ length: size.nodes }, (_, n) => ({
      name: `bench-${peer}-${n}`,
      address: `${network}.${10 + n}`,
      port: ports + 1 + n,
    })),
    missingCapabilities: prepared.missingCapabilities,
    daemon: prepared.daemon,
    overlay: overlaySubnet,
  };
}
