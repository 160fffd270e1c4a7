import { overlap } from "./subnets";

/** Candidate networks for a Docker engine's own use; the first that overlaps with nothing is used. */
export const ENGINE_POOLS = [
  "172.30.0.0/16",
  "172.27.0.0/16",
  "10.254.0.0/16",
  "192.168.0.0/16",
] as const;

/** The network for a Docker engine's own use; undefined when all candidates are taken. */
export function enginePool(taken: readonly string[]): string | undefined {
  return ENGINE_POOLS.find((pool) => taken.every((subnet) => !overlap(pool, subnet)));
}
