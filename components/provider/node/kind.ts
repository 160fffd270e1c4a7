import type { LiveNode } from "../../engine/live";
import { checkerOf } from "../../model/fields/check";
import { defaultsOf } from "../../model/fields/field";
import { type NodeInputs, nodeFields } from "../../model/kinds/membership";
import { visibleLabels } from "../../model/ownership";
import { changesBetween, topLevel } from "../../model/paths";
import { type Change, type Properties, UNKNOWN } from "../../model/values";
import { listNodes, oldEntries, placeOf } from "../../observe/place";
import type { KindContext } from "../context";
import type { Kind, Outcome, ReadOutcome, Stored } from "../kind";
import { awaitMember, removeOldEntries } from "./join";
import { leaveSwarm } from "./leave";
import { nodeIdOf, writeSpec } from "./list";
import { changeRole } from "./role";

/**
 * A host's membership of the swarm: its role, labels and availability. The first join is not part of
 * this resource; a host that lost its place joins again with the next update.
 */
export const nodeKind: Kind<NodeInputs, KindContext> = {
  token: "swarm:index:Node",
  secrets: [],
  deleteBeforeReplace: () => false,
  check: checkerOf(nodeFields),
  diff: (old, news) => {
    // Earlier versions had a field `leave`, which was always true.
    const { leave: _, ...before } = { leave: true, ...old.inputs };
    const changes = changesBetween(before, news, "", (path) => topLevel(path) === "node");
    return isMisplaced(old) ? [...changes, joinsAgain] : changes;
  },
  plan: (news, old) => ({
    ...news,
    nodeId: old === undefined || isMisplaced(old) ? UNKNOWN : nodeIdOf(old.id, old),
  }),
  async create(inputs, context) {
    context.log(`waiting until ${inputs.node} is in the swarm`);
    const node = await awaitMember(inputs, undefined, context);
    await removeOldEntries(node, context);
    return await apply(node, inputs, context);
  },
  read,
  async update(old, news, context) {
    const before = nodeIdOf(old.id, old);
    const node = await awaitMember(news, before, context);
    if (node.ID !== before || isMisplaced(old)) await removeOldEntries(node, context);
    return await apply(node, news, context);
  },
  delete: leaveSwarm,
};

/** The next `up` gives the node its place back. */
const joinsAgain: Change = { path: "misplaced", kind: "delete", replace: false, stored: true };

function isMisplaced({ state }: Stored<NodeInputs>): boolean {
  return "misplaced" in state;
}

async function read(
  id: string,
  old: Stored<NodeInputs> | undefined,
  context: KindContext,
): Promise<ReadOutcome | undefined> {
  const nodeId = nodeIdOf(id, old);
  const nodes = await listNodes(context);
  const entry = nodes.find(({ ID, Description }) => {
    // An import may name the host.
    return ID === nodeId || (old === undefined && Description.Hostname === id);
  });
  const host = entry?.Description.Hostname || old?.inputs.node;
  if (host === undefined) return undefined;
  const place = await placeOf(host, entry?.ID ?? nodeId, context);
  if (place.kind === "member") {
    // Somebody let it join again under another id: the next up takes that one over.
    if (old !== undefined && place.node.ID !== nodeId) return undefined;
    const left = oldEntries(place.node, nodes).length;
    return found(place.node, old, left === 0 ? {} : { misplaced: leftText(left) });
  }
  const isGone = place.kind === "lost" || place.kind === "foreign";
  if (isGone && old !== undefined) {
    return { id, inputs: old.inputs, state: { ...old.state, misplaced: place.why } };
  }
  return entry && found(entry, old, {});
}

function found(
  node: LiveNode,
  old: Stored<NodeInputs> | undefined,
  more: { readonly misplaced?: string },
): ReadOutcome {
  const live = describe(node);
  const keep = old?.inputs.availability === "keep" ? { availability: "keep" } : {};
  const inputs = { ...defaultsOf(nodeFields), ...old?.inputs, ...live, ...keep };
  const { id, state } = outcomeOf(node, inputs);
  return { id, inputs, state: { ...state, ...more } };
}

function leftText(count: number): string {
  return `${count === 1 ? "an old entry" : `${count} old entries`} of it in docker node ls`;
}

/** Writes role, then labels and availability in one step, so that no task lands before the labels. */
async function apply(before: LiveNode, inputs: NodeInputs, context: KindContext): Promise<Outcome> {
  const { role, labels, availability } = inputs;
  const id = before.Spec.Role === role ? before.ID : await changeRole(before, inputs, context);
  const wanted = { ...labels, ...context.labels };
  const taking = availability === "keep" ? {} : { Availability: availability };
  await writeSpec(id, (spec) => ({ ...spec, Labels: wanted, ...taking }), context);
  const docker = await context.manager();
  const after = await docker.nodes.inspect(id);
  if (id !== before.ID) await removeOldEntries(after, context);
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
