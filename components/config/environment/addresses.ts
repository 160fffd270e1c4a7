import { allot } from "../../model/addresses/spread";
import { addressText, parseCidr } from "../../model/addresses/subnets";
import type { Environment } from "./environment";

/** Addresses at the start of the local subnet that no host gets. */
const RESERVED = 256;
/** Longest prefix of the local subnet: behind what is reserved there are 767 addresses for hosts. */
export const LOCAL_SUBNET_BITS = 22;
/** Number of ports from `sshPortBase` on that SSH of local hosts may take. */
export const SSH_PORTS = 4000;

/** The part of an environment that addresses depend on. */
export type Addressed = Pick<Environment, "hosts" | "local">;

/** Fixed addresses of what is not a host in the local subnet. */
export function localInfrastructure(environment: Addressed): {
  readonly gateway: string;
  readonly registry: string;
} {
  const { first } = parseCidr(environment.local.subnet);
  return {
    gateway: addressText(first + 1),
    registry: addressText(first + 2),
  };
}

/** Addresses of the local subnet that come before those of forwarders. */
const BEFORE_FORWARDERS = 3;

/** Address of the forwarder of each platform. It depends on the platform's name alone, unless two clash. */
export function forwarderAddresses(
  environment: Pick<Environment, "local">,
  platforms: readonly string[],
): ReadonlyMap<string, string> {
  const { first } = parseCidr(environment.local.subnet);
  const slots = allot(platforms, RESERVED - BEFORE_FORWARDERS);
  return new Map(
    [...slots].map(([name, slot]) => [name, addressText(first + BEFORE_FORWARDERS + slot)]),
  );
}

/** Address of a local host. It depends on the host's name alone, unless two clash. Fails when there is no such host. */
export function localAddress(environment: Addressed, host: string): string {
  const range = parseCidr(environment.local.subnet);
  const free = range.last - range.first - RESERVED;
  const slot = allot(localHosts(environment), free).get(host);
  return addressText(range.first + RESERVED + known(slot, host));
}

/** Port on 127.0.0.1 for SSH to a local host. It depends on the host's name alone, unless two clash. Fails when there is no such host. */
export function sshPort(environment: Addressed, host: string): number {
  const slot = allot(localHosts(environment), SSH_PORTS).get(host);
  return environment.local.sshPortBase + known(slot, host);
}

/** Port on 127.0.0.1 that leads to a published port of the local swarm. */
export function localPort(environment: Pick<Environment, "local">, published: number): number {
  return published + environment.local.portOffset;
}

function localHosts(environment: Addressed): readonly string[] {
  return environment.hosts.filter((host) => host.kind === "local").map((host) => host.name);
}

function known(slot: number | undefined, host: string): number {
  if (slot === undefined) throw new Error(`${host} is not a local host of this environment`);
  return slot;
}
