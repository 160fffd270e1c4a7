import type { SwarmAccess } from "../../engine/access";
import type { LiveNode, NodeSpec } from "../../engine/live";
import { writeInTurn } from "../../engine/waiting";
import type { NodeInputs } from "../../model/kinds/membership";
import type { Stored } from "../kind";

/** The node's current id: a node that had to rejoin has a different one than the resource, until a refresh. */
export function nodeIdOf(id: string, old: Pick<Stored<NodeInputs>, "state"> | undefined): string {
  const { nodeId } = old?.state ?? {};
  return typeof nodeId === "string" && nodeId !== "" ? nodeId : id;
}

/** Why this manager cannot be demoted; undefined when it can. */
export function quorumProblem(node: LiveNode, nodes: readonly LiveNode[]): string | undefined {
  const others = nodes.filter((other) => other.ID !== node.ID && other.ManagerStatus !== undefined);
  if (others.length === 0) {
    return "it is the last manager; promote another node first (role: manager)";
  }
  const reachable = others.filter((other) => other.ManagerStatus?.Reachability === "reachable");
  const needed = Math.floor(others.length / 2) + 1;
  if (reachable.length >= needed) return undefined;
  const silent = others.filter((other) => !reachable.includes(other));
  return (
    `of the ${others.length} managers that stay only ${reachable.length} would be reachable and ${needed} are needed; ` +
    `start ${silent.map((other) => other.Description.Hostname).join(", ")} first`
  );
}

/** Changes a node's spec; retries when someone else wrote in between. */
export async function writeSpec(
  id: string,
  change: (spec: NodeSpec) => NodeSpec,
  access: SwarmAccess,
): Promise<void> {
  const written = await writeInTurn(access, async () => {
    const { nodes } = await access.manager();
    const node = await nodes.inspect(id);
    await nodes.update(id, node.Version.Index, change(node.Spec));
    return true;
  });
  if (written === undefined) {
    throw new Error("the node kept changing while its spec was written; try again");
  }
}
