import type { EngineSettings } from "../config/environment/environment";
import { ENGINE_POOLS, enginePool } from "../model/addresses/engine-pool";
import { overlap } from "../model/addresses/subnets";

/** Docker engine settings that keep its own networks away from those in use. */
export function poolSettings(taken: readonly string[]): {
  readonly bip: string;
  readonly "default-address-pools": readonly { readonly base: string; readonly size: number }[];
} {
  const pool = choosePool(taken);
  return {
    bip: pool.replace(/0\/16$/, "1/24"),
    "default-address-pools": [{ base: pool, size: 24 }],
  };
}

/** Networks from which a Docker engine takes its own when its settings say nothing. */
const USUAL_POOLS = ["172.16.0.0/12", "192.168.0.0/16"];

/** Whether a Docker engine without settings may choose a network that is in use. */
export function meetsUsualPools(taken: readonly string[]): boolean {
  return taken.some((subnet) => USUAL_POOLS.some((pool) => overlap(subnet, pool)));
}

/** Generic resources as a Docker engine announces them, in a fixed order; nothing without any. */
export function resourceSettings(resources: { readonly [kind: string]: number }): {
  readonly "node-generic-resources"?: readonly string[];
} {
  const announced = Object.entries(resources)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${kind}=${count}`);
  return announced.length === 0 ? {} : { "node-generic-resources": announced };
}

/**
 * How Docker engines keep the output of containers: limited in size, or as a group's own settings say.
 *
 * @param own settings of the group. @default none
 */
export function logSettings(own: EngineSettings = {}): EngineSettings {
  // Options of one driver are unknown to another.
  if ("log-driver" in own) return {};
  return { "log-driver": "json-file", "log-opts": { "max-file": "3", "max-size": "10m" } };
}

function choosePool(taken: readonly string[]): string {
  const free = enginePool(taken);
  if (free !== undefined) return free;
  throw new Error(
    `the hosts' network, swarm.platformPool and swarm.addressPools take all of ${ENGINE_POOLS.join(", ")}; leave one free for the hosts' Docker engines`,
  );
}
