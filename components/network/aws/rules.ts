import type { PublishedPort } from "../../config/environment/published-ports";
import { gossipPort, managerPort, metricsPort, overlayPort } from "../../model/swarm-ports";

/** A rule of a security group that lets something in. */
export interface IngressRule {
  readonly description: string;
  /** A name, or a number of the Internet's protocols. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** Networks that it holds for. @default none */
  readonly cidrBlocks?: string[];
  /** Holds for the members of the group. @default false */
  readonly self?: boolean;
}

/** Protocol of encrypted overlay networks. */
const ESP = "50";
const SCTP = "132";

function inside(description: string, protocol: string, port: number): IngressRule {
  return { description, protocol, fromPort: port, toPort: port, self: true };
}

/**
 * What hosts accept: the swarm's traffic from each other, and SSH from the operators' networks.
 *
 * @param dataPathPort UDP port of overlay networks. @default 4789
 */
export function hostRules(
  adminCidrs: readonly string[],
  dataPathPort = overlayPort,
): IngressRule[] {
  const ssh = { description: "SSH of the operators", protocol: "tcp", fromPort: 22, toPort: 22 };
  return [
    inside("managers of the swarm", "tcp", managerPort),
    inside("nodes find each other", "tcp", gossipPort),
    inside("nodes find each other", "udp", gossipPort),
    inside("overlay networks", "udp", dataPathPort),
    inside("encrypted overlay networks", ESP, 0),
    inside("figures of the engines", "tcp", metricsPort),
    ...(adminCidrs.length === 0 ? [] : [{ ...ssh, cidrBlocks: [...adminCidrs] }]),
  ];
}

/** What is open of the published ports; nothing unless networks are named. */
export function publishedRules(
  ports: readonly Omit<PublishedPort, "platform">[],
  publicCidrs: readonly string[],
): IngressRule[] {
  if (publicCidrs.length === 0) return [];
  const each = new Map(ports.map((port) => [`${port.published}/${port.protocol}`, port]));
  return [...each.values()]
    .sort((a, b) => a.published - b.published || (a.protocol < b.protocol ? -1 : 1))
    .map(({ published, protocol }) => ({
      description: `published port ${published}`,
      protocol: protocol === "sctp" ? SCTP : protocol,
      fromPort: published,
      toPort: published,
      cidrBlocks: [...publicCidrs],
    }));
}

/** All outgoing traffic is allowed. */
export const egressRules = [
  {
    description: "everything",
    protocol: "-1",
    fromPort: 0,
    toPort: 0,
    cidrBlocks: ["0.0.0.0/0"],
  },
];
