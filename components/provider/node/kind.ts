import type { SwarmAccess } from "../../engine/access";
import { orGone } from "../../engine/errors";
import type { LiveNode } from "../../engine/live";
import { poll } from "../../engine/waiting";
import { checkerOf } from "../../model/fields/check";
import { defaultsOf } from "../../model/fields/field";
import { type NodeInputs, nodeFields } from "../../model/kinds/membership";
import { visibleLabels } from "../../model/ownership";
import { changesBetween, topLevel } from "../../model/paths";
import { type Properties, UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind, Outcome } from "../kind";
import { leaveSwarm, removeNode } from "./leave";
import { isReady, listNodes, nodeIdOf, writeSpec } from "./list";
import { changeRole } from "./role";

/** How long a node may take to join. */
const READY_TIMES = { timeoutMs: 60_000, everyMs: 500 };
/** A host's membership of the swarm: its role, labels and availability. Joining is not part of this resource. */
export const nodeKind: Kind<NodeInputs, KindContext> = {
  token: "swarm:index:Node",
  secrets: [],
  deleteBeforeReplace: () => false,
  check: checkerOf(nodeFields),
  diff: (old, news) => {
    // Earlier versions had a field `leave`, which was always true.
    const { leave: _, ...before } = { leave: true, ...old.inputs };
    return changesBetween(before, news, "", (path) => topLevel(path) === "node");
  },
  plan: (news, old) => ({
    ...news,
    nodeId: old?.id ?? UNKNOWN,
  }),
  async create(inputs, context) {
    context.log(`waiting until ${inputs.node} is in the swarm`);
    const node = await poll(context, READY_TIMES, async () => newestReady(inputs.node, context));
    if (!node) throw new Error(await whyNotReady(inputs.node, context));
    await removeDuplicates(node, context);
    return await apply(node, inputs, context);
  },
  async read(id, old, context) {
    const docker = await context.manager();
    const nodeId = nodeIdOf(id, old);
    const node = await orGone(docker.nodes.inspect(nodeId));
    const successor = node && (await newestReady(node.Description.Hostname, context));
    if (!node || (successor && successor.ID !== nodeId)) return undefined;
    const inputs = { ...defaultsOf(nodeFields), ...old?.inputs, ...describe(node) };
    return { ...outcomeOf(node, inputs), inputs };
  },
  async update(old, news, context) {
    const ready = await poll(context, READY_TIMES, async () => {
      const docker = await context.manager();
      const node = await docker.nodes.inspect(nodeIdOf(old.id, old));
      return isReady(node) ? node : undefined;
    });
    if (!ready) throw new Error(await whyNotReady(news.node, context));
    return await apply(ready, news, context);
  },
  delete: leaveSwarm,
};

async function newestReady(hostname: string, context: SwarmAccess): Promise<LiveNode | undefined> {
  const nodes = await listNodes(context);
  return nodes
    .filter((node) => node.Description.Hostname === hostname && isReady(node))
    .sort((left, right) => right.CreatedAt.localeCompare(left.CreatedAt))[0];
}

async function whyNotReady(hostname: string, context: SwarmAccess): Promise<string> {
  const nodes = await listNodes(context);
  const same = nodes.filter((node) => node.Description.Hostname === hostname);
  const states = same.map(({ Status }) => `${Status.State} ${Status.Message ?? ""}`.trim());
  const found =
    same.length > 0
      ? `it is ${states.join(", ")}`
      : `the swarm has ${nodes.map((node) => node.Description.Hostname).join(", ")}`;
  return (
    `the node ${hostname} was not ready within 60 s: ${found}; check that it joined, that its Docker engine runs, ` +
    "and that ports 2377/tcp, 7946/tcp+udp and 4789/udp are open between the hosts"
  );
}

/** Removes old entries of the same host, once the swarm knows they are dead. */
async function removeDuplicates(chosen: LiveNode, context: KindContext): Promise<void> {
  const { Hostname } = chosen.Description;
  const removed = await poll(context, { timeoutMs: 30_000, everyMs: 1_000 }, async () => {
    const same = (await listNodes(context)).filter(
      (node) => node.Description.Hostname === Hostname,
    );
    const stale = same.filter((node) => node.ID !== chosen.ID);
    const dead = stale.filter((node) => node.Status.State === "down");
    for (const node of dead) {
      await removeNode(node, context);
    }
    return dead.length === stale.length || undefined;
  });
  if (removed === undefined) {
    context.warn(
      `the swarm has another living node with the hostname ${Hostname}; rename one of them`,
    );
  }
}

/** Writes role, then labels and availability in one step, so that no task lands before the labels. */
async function apply(before: LiveNode, inputs: NodeInputs, context: KindContext): Promise<Outcome> {
  const { role, labels, availability } = inputs;
  const id = before.Spec.Role === role ? before.ID : await changeRole(before, inputs, context);
  const wanted = { ...labels, ...context.labels };
  await writeSpec(id, (spec) => ({ ...spec, Labels: wanted, Availability: availability }), context);
  const docker = await context.manager();
  const after = await docker.nodes.inspect(id);
  if (id !== before.ID) await removeDuplicates(after, context);
  return outcomeOf(after, inputs);
}

function describe(node: LiveNode) {
  return {
    node: node.Description.Hostname,
    role: node.Spec.Role,
    labels: visibleLabels(node.Spec.Labels),
    availability: node.Spec.Availability,
  };
}

function outcomeOf(node: LiveNode, inputs: Properties): Outcome {
  return { id: node.ID, state: { ...inputs, ...describe(node), nodeId: node.ID } };
}
