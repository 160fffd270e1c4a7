import { isOutOfSequence } from "../../engine/errors";
import { poll } from "../../engine/waiting";
import type { NodeInputs } from "../../model/kinds/membership";
import type { KindContext } from "../context";
import type { Stored } from "../kind";

/** What a node is told to be. */
export interface NodeSpec {
  readonly Role: "manager" | "worker";
  readonly Availability: "active" | "pause" | "drain";
  readonly Labels?: { readonly [key: string]: string };
}
/** A node as the engine describes it, as far as it is used here. */
export interface NodeInfo {
  readonly ID: string;
  readonly CreatedAt: string;
  readonly Version: { readonly Index: number };
  readonly Spec: NodeSpec;
  readonly Description: {
    readonly Hostname: string;
    readonly Engine?: { readonly EngineVersion?: string };
  };
  readonly Status: { readonly State: string; readonly Addr?: string; readonly Message?: string };
  readonly ManagerStatus?: {
    readonly Leader?: boolean;
    readonly Reachability?: string;
    readonly Addr?: string;
  };
}

/** The node's id by now: one that had to join again has another than the resource, until a refresh. */
export function nodeIdOf(id: string, old: Pick<Stored<NodeInputs>, "state"> | undefined): string {
  const { nodeId } = old?.state ?? {};
  return typeof nodeId === "string" && nodeId !== "" ? nodeId : id;
}

/** All nodes of the swarm. */
export async function listNodes(context: KindContext): Promise<NodeInfo[]> {
  return (await (await context.manager()).listNodes()) as NodeInfo[];
}

/** True when the swarm hears from the node. */
export function isReady(node: NodeInfo): boolean {
  return node.Status.State === "ready";
}

/** Why this manager cannot be demoted; undefined when it can. */
export function quorumProblem(node: NodeInfo, nodes: readonly NodeInfo[]): string | undefined {
  const others = nodes.filter((other) => other.ID !== node.ID && other.ManagerStatus !== undefined);
  if (others.length === 0) {
    return "it is the last manager; promote another node first (role: manager)";
  }
  const reachable = others.filter((other) => other.ManagerStatus?.Reachability === "reachable");
  const needed = Math.floor(others.length / 2) + 1;
  if (reachable.length >= needed) {
    return undefined;
  }
  const silent = others.filter((other) => !reachable.includes(other));
  return (
    `of the ${others.length} managers that stay only ${reachable.length} would be reachable and ${needed} are needed; ` +
    `start ${silent.map((other) => other.Description.Hostname).join(", ")} first`
  );
}

/** Changes a node's spec, again when somebody else wrote in between. */
export async function writeSpec(
  id: string,
  change: (spec: NodeSpec) => NodeSpec,
  context: KindContext,
): Promise<void> {
  const written = await poll(context, { timeoutMs: 10_000, everyMs: 200 }, async () => {
    const docker = await context.manager();
    const node = (await docker.getNode(id).inspect()) as NodeInfo;
    try {
      await docker.getNode(id).update({ version: node.Version.Index, ...change(node.Spec) });
      return true;
    } catch (error) {
      if (isOutOfSequence(error)) {
        return undefined;
      }
      throw error;
    }
  });
  if (written === undefined) {
    throw new Error("the node changed again and again while its spec was written; try again");
  }
}
