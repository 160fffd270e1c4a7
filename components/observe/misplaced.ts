import type { SwarmAccess } from "../engine/access";
import type { LiveNode } from "../engine/live";
import { entriesOf, isReady, listNodes, oldEntries, placeOf } from "./place";

/** A host as it should be in the swarm. */
export interface Declared {
  readonly name: string;
  readonly role: "manager" | "worker";
}

/**
 * Hosts that lost their place in the swarm, with the reason in words: they left it, were removed, are in
 * another one, have another role, or left old entries behind. Hosts that only do not answer are not among them.
 *
 * @throws NoManagerError when no manager answers
 */
export async function misplacedHosts(
  hosts: readonly Declared[],
  access: SwarmAccess,
): Promise<ReadonlyMap<string, string>> {
  const nodes = await listNodes(access);
  const found = await Promise.all(
    hosts.map(async (host) => {
      const ready = entriesOf(host.name, nodes).find(isReady);
      if (ready !== undefined) return [host.name, ofMember(host, ready, nodes)] as const;
      const place = await placeOf(host.name, undefined, access);
      const gone = place.kind === "lost" || place.kind === "foreign";
      return [host.name, gone ? place.why : undefined] as const;
    }),
  );
  return new Map(found.flatMap(([name, why]) => (why === undefined ? [] : [[name, why]])));
}

function ofMember(
  { role }: Declared,
  node: LiveNode,
  nodes: readonly LiveNode[],
): string | undefined {
  if (node.Spec.Role !== role) return `it is a ${node.Spec.Role}, not a ${role}`;
  const left = oldEntries(node, nodes).length;
  return left === 0 ? undefined : "the swarm has an old entry of it";
}
