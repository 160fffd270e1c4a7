import type { Environment, HostSettings } from "../components/config/environment/environment";

/** A host of a local environment. */
export function localHost(name: string, changes: Partial<HostSettings> = {}): HostSettings {
  return {
    name,
    group: "group",
    kind: "local",
    role: "worker",
    labels: {},
    resources: {},
    ...changes,
  };
}

/** An environment of containers on this machine. */
export function localEnvironment(name: string, changes: Partial<Environment> = {}): Environment {
  return {
    name,
    prefix: "vm",
    groups: {},
    hosts: [localHost(`${name}-db`), localHost(`${name}-app`)],
    local: { subnet: "10.64.0.0/16", sshPortBase: 20000, portOffset: 0 },
    registry: { kind: "local" },
    registries: {},
    share: { kind: "directory", path: "/mnt/share", data: "delete" },
    swarm: {
      firstManager: `${name}-db`,
      addressPools: ["10.200.0.0/16"],
      platformPool: "10.201.0.0/16",
      discovery: "dnsrr",
      publish: "host",
      drainTimeout: "1m",
    },
    platforms: [],
    ...changes,
  };
}
