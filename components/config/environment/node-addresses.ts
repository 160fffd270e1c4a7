import type { FileSettings } from "../schema/file";
import type { HostSettings } from "./environment";
import type { NodeAddresses } from "./swarm";

/** Hosts with where other nodes reach them: what the group says, over what the swarm says. */
export function withNodeAddresses(
  hosts: readonly HostSettings[],
  { swarm, hosts: { groups } }: FileSettings,
): readonly HostSettings[] {
  return hosts.map((host) => {
    const addresses = { ...nodeAddresses(swarm), ...nodeAddresses(groups[host.group]) };
    return Object.keys(addresses).length === 0 ? host : { ...host, addresses };
  });
}

function nodeAddresses({ advertise, listen, dataPath }: NodeAddresses = {}): NodeAddresses {
  return {
    ...(advertise === undefined ? {} : { advertise }),
    ...(listen === undefined ? {} : { listen }),
    ...(dataPath === undefined ? {} : { dataPath }),
  };
}
