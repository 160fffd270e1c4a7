import type { SwarmAccess } from "../../engine/access";
import type { LiveNode } from "../../engine/live";
import { poll } from "../../engine/waiting";
import type { NodeInputs } from "../../model/kinds/membership";
import { listNodes } from "../../observe/place";
import type { KindContext } from "../context";
import { joinSwarm } from "./join";
import { quorumProblem, writeSpec } from "./list";

/** How long a role change may take. */
const TIMES = { timeoutMs: 180_000, everyMs: 500 };

type Wanted = Pick<NodeInputs, "node" | "role" | "advertise" | "listen" | "dataPath">;

/**
 * Promotes or demotes a node in place and waits until the change has taken effect.
 *
 * A Docker engine that is being promoted asks the manager through which it joined. If that one
 * is gone, it keeps asking forever, so such a node leaves and rejoins through an existing
 * manager.
 * @returns the node's id, which changes when it rejoins
 * @throws when the remaining managers would lose their quorum, or the node takes too long
 */
export async function changeRole(
  node: LiveNode,
  wanted: Wanted,
  context: KindContext,
): Promise<string> {
  const problem =
    wanted.role === "worker" ? quorumProblem(node, await listNodes(context)) : undefined;
  if (problem !== undefined) {
    throw new Error(`${wanted.node} cannot become a worker: ${problem}`);
  }
  await writeSpec(node.ID, (spec) => ({ ...spec, Role: wanted.role }), context);
  context.log(`waiting until ${wanted.node} is a ${wanted.role}`);
  let id = node.ID;
  const changed = await poll(context, TIMES, async () => {
    const docker = await context.manager();
    if (hasRole(await docker.nodes.inspect(id), wanted.role)) return true;
    if (id === node.ID && wanted.role === "manager" && (await isStuck(wanted.node, context))) {
      context.warn(
        `${wanted.node} joined through a manager that no longer exists, so it cannot be promoted in place: it rejoins as a manager, and its tasks move`,
      );
      await joinSwarm(wanted, { leaves: true, entries: [node] }, context);
      const { Swarm } = await (await context.node(wanted.node)).info();
      id = Swarm?.NodeID || node.ID;
    }
    return undefined;
  });
  if (changed === undefined) {
    throw new Error(
      `${wanted.node} did not become a ${wanted.role} within ${TIMES.timeoutMs / 1000} s; see its dockerd log`,
    );
  }
  return id;
}

function hasRole({ ManagerStatus }: LiveNode, role: Wanted["role"]): boolean {
  return role === "manager"
    ? ManagerStatus?.Reachability === "reachable"
    : ManagerStatus === undefined;
}

/** True when the node's Docker engine says that it cannot reach any manager of the group that it must join. */
async function isStuck(name: string, context: SwarmAccess): Promise<boolean> {
  if (!context.nodes.includes(name)) return false;
  const { Swarm } = await (await context.node(name)).info();
  return Swarm?.LocalNodeState === "error" && /can't initialize raft node/.test(Swarm.Error ?? "");
}
