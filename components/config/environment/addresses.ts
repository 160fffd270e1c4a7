import { allot, spread } from "../../model/addresses/spread";
import { addressText, parseCidr } from "../../model/addresses/subnets";
import type { LocalPlace, LocalSettings } from "./environment";

/** Addresses at the start of the local subnet that are reserved. */
const RESERVED = 256;
/** Longest prefix of the local subnet: 767 addresses for hosts remain after the reserved ones. */
export const LOCAL_SUBNET_BITS = 22;
/** Number of ports from `sshPortBase` on that SSH to local hosts may use. */
export const SSH_PORTS = 4000;

/**
 * Place of each local host, by its name. A host is left out when there is no address or port left
 * for it, as in a subnet longer than LOCAL_SUBNET_BITS.
 */
export function localPlaces(
  { subnet, sshPortBase }: Pick<LocalSettings, "subnet" | "sshPortBase">,
  hosts: readonly string[],
): ReadonlyMap<string, LocalPlace> {
  const { first, last } = parseCidr(subnet);
  const addresses = allot(hosts, Math.max(0, last - first - RESERVED));
  const ports = allot(hosts, SSH_PORTS);
  return new Map(
    hosts.flatMap((name): [string, LocalPlace][] => {
      const [address, port] = [addresses.get(name), ports.get(name)];
      if (address === undefined || port === undefined) return [];
      const privateAddress = addressText(first + RESERVED + address);
      return [[name, { privateAddress, sshPort: sshPortBase + port }]];
    }),
  );
}

/** Fixed addresses in the local subnet that do not belong to hosts. */
export function localInfrastructure({ subnet }: Pick<LocalSettings, "subnet">): {
  readonly gateway: string;
  readonly registry: string;
} {
  const { first } = parseCidr(subnet);
  return { gateway: addressText(first + 1), registry: addressText(first + 2) };
}

/** Addresses of the local subnet that come before those of forwarders. */
const BEFORE_FORWARDERS = 3;

/** Address of the forwarder of each platform. It depends on the platform's name alone, unless two clash. */
export function forwarderAddresses(
  { subnet }: Pick<LocalSettings, "subnet">,
  platforms: readonly string[],
): ReadonlyMap<string, string> {
  const { first } = parseCidr(subnet);
  const slots = allot(platforms, RESERVED - BEFORE_FORWARDERS);
  return new Map(
    [...slots].map(([name, slot]) => [name, addressText(first + BEFORE_FORWARDERS + slot)]),
  );
}

/** Port on 127.0.0.1 that forwards to a published port of the local swarm. */
export function localPort(
  { portOffset }: Pick<LocalSettings, "portOffset">,
  published: number,
): number {
  return published + portOffset;
}

/** Ports after those for SSH, one of which is the registry's on 127.0.0.1. */
const REGISTRY_PORTS = 1000;

/** Port of the registry on 127.0.0.1; it depends on the environment's name alone. */
export function registryHostPort(
  environment: string,
  { sshPortBase }: Pick<LocalSettings, "sshPortBase">,
): number {
  return sshPortBase + SSH_PORTS + spread(`${environment}/registry`, REGISTRY_PORTS);
}
