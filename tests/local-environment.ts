import type {
  Environment,
  LocalHostSettings,
  LocalSettings,
} from "../components/config/environment/environment";

/** A host of a local environment. */
export function localHost(
  name: string,
  changes: Partial<LocalHostSettings> = {},
): LocalHostSettings {
  return {
    name,
    group: "group",
    kind: "local",
    engine: "debian-13",
    privateAddress: `10.64.1.${name.length}`,
    sshPort: 20000 + name.length,
    role: "worker",
    labels: {},
    resources: {},
    ...changes,
  };
}

/** An environment with hosts on this machine. */
export type LocalEnvironment = Environment & { readonly local: LocalSettings };

/** An environment of containers on this machine. */
export function localEnvironment(
  name: string,
  changes: Partial<LocalEnvironment> = {},
): LocalEnvironment {
  return {
    name,
    prefix: "vm",
    groups: {},
    hosts: [localHost(`${name}-db`), localHost(`${name}-app`)],
    local: { subnet: "10.64.0.0/16", sshPortBase: 20000, portOffset: 0, engine: "debian-13" },
    registry: { kind: "local" },
    registries: {},
    share: { kind: "directory", path: "/mnt/share", data: "delete" },
    swarm: {
      firstManager: `${name}-db`,
      addressPools: ["10.200.0.0/16"],
      platformPool: "10.201.0.0/16",
      discovery: "dnsrr",
      publish: "host",
      hostname: "container",
      drainTimeout: "1m",
    },
    platforms: [],
    ...changes,
  };
}
