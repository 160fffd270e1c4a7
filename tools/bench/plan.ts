import { defaults } from "../../components/config/environment/defaults";
import { daemonConfig } from "../../components/hosts/local/daemon";
import { engineMissingCapabilities } from "../../components/local-engine/capabilities";
import type { PeerName, Size } from "./options";

/** Images that are built before anything is measured. */
export interface Images {
  readonly node: string;
  readonly registry: string;
  readonly app: string;
}

/** One machine of a peer. */
export interface PlannedHost {
  readonly name: string;
  readonly address: string;
  /** Port of its sshd on 127.0.0.1. */
  readonly port: number;
}

/** What a peer is told to make: the same machines, registry and network that our environment has. */
export interface Plan {
  readonly name: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly registryAddress: string;
  readonly registryPort: number;
  readonly images: Images;
  /** The image as the nodes pull it. */
  readonly service: string;
  readonly hosts: readonly PlannedHost[];
  readonly missingCapabilities: readonly string[];
  /** Text of the engines' settings. */
  readonly daemon: string;
  /** Subnet of the services' network. */
  readonly overlay: string;
}

/** Subnet of the services' network in every subject; 300 services with two tasks need more than a /24. */
export const overlaySubnet = "10.201.0.0/20";
/** Third number of each peer's addresses, and its block of ports. */
const blocks: { readonly [name in PeerName]: number } = { script: 1, docker: 2, ansible: 3 };
const firstPort = 29000;

/** Plans the machines of a peer. Pure but for the capabilities of this machine's engine. */
export function planFor(peer: PeerName, size: Size, images: Images): Plan {
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
    images,
    service: "registry:5000/bench/app:1",
    hosts: Array.from({ length: size.nodes }, (_, n) => ({
      name: `bench-${peer}-${n}`,
      address: `${network}.${10 + n}`,
      port: ports + 1 + n,
    })),
    missingCapabilities: engineMissingCapabilities(),
    daemon: engineSettings(subnet),
    overlay: overlaySubnet,
  };
}

function engineSettings(subnet: string): string {
  const local = { subnet, sshPortBase: firstPort, portOffset: 0 };
  const { addressPools, platformPool } = defaults;
  const swarm = {
    firstManager: "",
    addressPools,
    platformPool,
    discovery: "dnsrr",
    publish: "host",
    drainTimeout: defaults.drainTimeout,
  } as const;
  return daemonConfig({ local, swarm }, { resources: {} });
}
