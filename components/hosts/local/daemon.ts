import type { Environment, HostSettings } from "../../config/environment";
import { overlap } from "../../config/subnets";
import { REGISTRY_NAME, REGISTRY_PORT } from "../../network/ports";

/** Networks for what an engine makes for itself; the first that meets nothing is taken. */
const POOLS = ["172.30.0.0/16", "172.27.0.0/16", "10.254.0.0/16", "192.168.0.0/16"] as const;

/**
 * Settings of the engine in a host, the text of its `daemon.json`.
 *
 * It depends on nothing that a platform says: another platform must not make a host anew.
 */
export function daemonConfig(
  environment: Pick<Environment, "local" | "swarm">,
  host: Pick<HostSettings, "resources">,
): string {
  const pool = choosePool([
    environment.local.subnet,
    environment.swarm.platformPool,
    ...environment.swarm.addressPools,
  ]);
  const resources = Object.entries(host.resources)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${kind}=${count}`);
  const config = {
    "storage-driver": "overlay2",
    "insecure-registries": [`${REGISTRY_NAME}:${REGISTRY_PORT}`],
    bip: pool.replace(/0\/16$/, "1/24"),
    "default-address-pools": [{ base: pool, size: 24 }],
    "log-driver": "json-file",
    "log-opts": { "max-file": "3", "max-size": "10m" },
    ...(resources.length === 0 ? {} : { "node-generic-resources": resources }),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function choosePool(taken: readonly string[]): string {
  const free = POOLS.find((pool) => taken.every((subnet) => !overlap(pool, subnet)));
  if (free !== undefined) return free;
  throw new Error(
    `local.subnet, swarm.platformPool and swarm.addressPools take all of ${POOLS.join(", ")}; leave one free for the engines of local hosts`,
  );
}
