import type { SwarmAccess } from "../../engine/access";
import { orGone } from "../../engine/errors";
import type { LiveNode } from "../../engine/live";
import { poll } from "../../engine/waiting";
import { visibleLabels } from "../../model/ownership";
import { changesBetween, topLevel } from "../../model/paths";
import {
  duration,
  fields,
  flag,
  mapOf,
  oneOf,
  required,
  text,
  validate,
} from "../../model/validate";
import { type Properties, UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind, Outcome } from "../kind";
import { leaveSwarm, removeNode } from "./leave";
import { isReady, listNodes, type NodeInputs, nodeIdOf, writeSpec } from "./list";
import { changeRole } from "./role";

/** How long a node may take to join. */
const READY_TIMES = { timeoutMs: 60_000, everyMs: 500 };
const DEFAULTS = { labels: {}, availability: "active", drainTimeout: "1m", leave: true };

const rule = fields({
  node: required(text(/./), "type the name of a host"),
  role: required(oneOf("manager", "worker"), "type manager or worker"),
  labels: mapOf(required(text()), /^[^=\s]+$/, "a text without = and blanks"),
  availability: oneOf("active", "pause", "drain"),
  drainTimeout: duration(),
  leave: flag(),
});

/** A host's membership of the swarm: its role, labels and availability. The host joins by itself. */
export const nodeKind: Kind<NodeInputs, KindContext> = {
  token: "swarm:index:Node",
  secrets: [],
  deleteBeforeReplace: () => false,
  check: (news) => ({ inputs: { ...DEFAULTS, ...news }, failures: validate(rule, news) }),
  diff: (old, news) => changesBetween(old.inputs, news, "", (path) => topLevel(path) === "node"),
  plan: (news, old) => ({
    ...news,
    nodeId: old?.id ?? UNKNOWN,
    address: old?.state.address ?? UNKNOWN,
    engineVersion: old?.state.engineVersion ?? UNKNOWN,
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
    const inputs = { ...DEFAULTS, ...old?.inputs, ...describe(node) };
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
    `the node ${hostname} was not ready within 60 s: ${found}; check that it joined, that its engine runs, ` +
    "and that ports 2377/tcp, 7946/tcp+udp and 4789/udp are open between the hosts"
  );
}

/** Removes entries that the same host left behind when it joined earlier, once the swarm knows they are dead. */
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
    context.warn(`the swarm has another living node with the hostname ${Hostname}; rename one`);
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

// A manager's own address shows in Status as 127.0.0.1 or 0.0.0.0.
function outcomeOf(node: LiveNode, inputs: Properties): Outcome {
  const managed = node.ManagerStatus?.Addr?.replace(/:\d+$/, "");
  const state = {
    ...inputs,
    ...describe(node),
    nodeId: node.ID,
    address: managed ?? node.Status.Addr ?? "",
    engineVersion: node.Description.Engine?.EngineVersion ?? "",
  };
  return { id: node.ID, state };
}
