import type { Exported } from "./stack";

/** The join tokens that a state has. */
export interface KnownTokens {
  /** Resource that has them. */
  readonly urn: string;
  /** @default not known, as in a state of an earlier version */
  readonly hash?: string;
}

/** The tokens with which hosts of a state join; undefined where each of them has a ticket of its own. Pure. */
export function tokensIn({ deployment }: Exported): KnownTokens | undefined {
  const resources = deployment?.resources ?? [];
  if (resources.some(({ type }) => type === "swarm:index:Ticket")) return undefined;
  const cluster = resources.find(({ type }) => type === "swarm:index:Cluster");
  if (cluster?.urn === undefined) return undefined;
  const hash = cluster.outputs?.tokensHash;
  return { urn: cluster.urn, ...(typeof hash === "string" ? { hash } : {}) };
}

/** Hosts that are declared and are in no swarm yet. Pure. */
export function joining(hosts: readonly string[], { deployment }: Exported): readonly string[] {
  const nodes = (deployment?.resources ?? []).flatMap(({ type, inputs }) =>
    type === "swarm:index:Node" ? [String(inputs?.node)] : [],
  );
  return hosts.filter((host) => !nodes.includes(host));
}
