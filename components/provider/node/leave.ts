import type { SwarmAccess } from "../../engine/access";
import { cause, isDeposed, isNotFound, orGone, statusOf } from "../../engine/errors";
import type { LiveNode } from "../../engine/live";
import { poll } from "../../engine/waiting";
import type { NodeInputs } from "../../model/kinds/membership";
import { visibleLabels } from "../../model/ownership";
import { milliseconds } from "../../model/quantities";
import type { ObserveContext } from "../../observe/context";
import { isReady, listNodes } from "../../observe/place";
import type { KindContext } from "../context";
import type { Stored } from "../kind";
import { nodeIdOf, quorumProblem, writeSpec } from "./list";

/** States of a task whose container is, or may still appear, on the node. */
const ALIVE = ["assigned", "accepted", "preparing", "ready", "starting", "running"];

/** Drains the node, waits until its tasks have ended, and removes it from the swarm, even when it is dead. */
export async function leaveSwarm(old: Stored<NodeInputs>, context: KindContext): Promise<void> {
  const docker = await context.manager();
  const node = await orGone(docker.nodes.inspect(nodeIdOf(old.id, old)));
  if (!node) return;
  if (old.inputs.stays === true) return await letGo(node, context);
  const fate = await fateOf(node, context);
  if (fate === "ends") {
    context.log("it is the last node; the swarm ends with its host");
    return;
  }
  if (isReady(node)) {
    await writeSpec(node.ID, (spec) => ({ ...spec, Availability: "drain" }), context);
    await waitForTasks(node, old.inputs.drainTimeout, context);
  }
  await removeNode(node, context);
}

/** Leaves the node in the swarm as it was found, without our marks. */
async function letGo(node: LiveNode, context: KindContext): Promise<void> {
  await writeSpec(node.ID, (spec) => ({ ...spec, Labels: visibleLabels(spec.Labels) }), context);
  context.log(
    `${node.Description.Hostname} stays in the swarm, which is older than this environment`,
  );
}

// When all nodes are deleted at once, a manager waits for its turn: the others may be leaving.
async function fateOf(node: LiveNode, context: ObserveContext): Promise<"ends" | "leaves"> {
  let problem: string | undefined;
  const fate = await poll(context, { timeoutMs: 60_000, everyMs: 1_000 }, async () => {
    const nodes = await listNodes(context);
    if (!nodes.some((other) => other.ID !== node.ID && isReady(other))) return "ends" as const;
    problem = node.ManagerStatus && quorumProblem(node, nodes);
    context.log(problem === undefined ? "draining" : `waiting for other nodes: ${problem}`);
    return problem === undefined ? ("leaves" as const) : undefined;
  });
  if (fate === undefined) {
    throw new Error(`${node.Description.Hostname} cannot leave the swarm: ${problem}`);
  }
  return fate;
}

// A drain also ends global tasks and tasks that fit nowhere else; only a slow one outlasts the
// timeout. On a dead node nothing ends: once the swarm notices, there is nothing to wait for.
async function waitForTasks(
  node: LiveNode,
  drainTimeout: string,
  context: KindContext,
): Promise<void> {
  const name = node.Description.Hostname;
  const times = { timeoutMs: milliseconds(drainTimeout), everyMs: 500 };
  let left = 0;
  const empty = await poll(context, times, async () => {
    const docker = await context.manager();
    const now = await docker.nodes.inspect(node.ID);
    if (!isReady(now)) {
      context.warn(`${name} does not answer, so it leaves the swarm without draining`);
      return true;
    }
    const tasks = await docker.tasks.list({ node: [node.ID] });
    left = tasks.filter((task) => ALIVE.includes(task.Status?.State ?? "")).length;
    context.log(`${name} is draining, ${left} left`);
    return left === 0 || undefined;
  });
  if (empty === undefined) {
    context.warn(`${name} still runs ${left} tasks after ${drainTimeout}; it leaves the swarm now`);
  }
}

/** Demotes a manager and removes its entry, whether the node is up or not. */
export async function removeNode(node: LiveNode, context: SwarmAccess): Promise<void> {
  // A node whose promotion never finished is not a member of the managers' group: nothing to demote.
  if (node.Spec.Role === "manager" && node.ManagerStatus !== undefined) {
    const problem = quorumProblem(node, await listNodes(context));
    if (problem !== undefined) {
      throw new Error(`${node.Description.Hostname} cannot be removed: ${problem}`);
    }
    await writeSpec(node.ID, (spec) => ({ ...spec, Role: "worker" }), context);
  }
  let refusal = "";
  const gone = await poll(context, { timeoutMs: 45_000, everyMs: 500 }, async () => {
    try {
      const docker = await context.manager();
      await docker.nodes.remove(node.ID, { force: true });
      return true;
    } catch (error) {
      refusal = cause(error);
      // Removing a manager fails until the others have dropped it from their quorum.
      if (statusOf(error) === undefined || isDeposed(error) || /manager|raft/.test(refusal)) {
        return undefined;
      }
      if (isNotFound(error)) return true;
      throw error;
    }
  });
  if (gone === undefined) {
    throw new Error(`${node.Description.Hostname} could not be removed from the swarm: ${refusal}`);
  }
}
