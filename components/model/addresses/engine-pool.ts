import { overlap } from "./subnets";

/** Networks for what a Docker engine makes for itself; the first that meets nothing is taken. */
export const ENGINE_POOLS = [
  "172.30.0.0/16",
  "172.27.0.0/16",
  "10.254.0.0/16",
  "192.168.0.0/16",
] as const;

/** The network that a Docker engine makes its own ones in; undefined when all of them are taken. */
export function enginePool(taken: readonly string[]): string | undefined {
  return ENGINE_POOLS.find((pool) => taken.every((subnet) => !overlap(pool, subnet)));
}
