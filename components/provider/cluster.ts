import type { SwarmAccess } from "../engine/access";
import { checkerOf } from "../model/fields/check";
import { type ClusterInputs, clusterFields } from "../model/kinds/membership";
import { changesBetween } from "../model/paths";
import { UNKNOWN } from "../model/values";
import type { KindContext } from "./context";
import type { Kind } from "./kind";

/**
 * The identity of the swarm: its id is the swarm's, with the tokens to join it, read through any
 * manager. It creates and deletes nothing.
 */
export const clusterKind: Kind<ClusterInputs, KindContext> = {
  token: "swarm:index:Cluster",
  secrets: ["managerToken", "workerToken"],
  check: checkerOf(clusterFields),
  diff: (old, news) => changesBetween(old.inputs, news, "", () => false),
  plan: (news, old) => ({
    ...news,
    clusterId: old?.state.clusterId ?? UNKNOWN,
    createdAt: old?.state.createdAt ?? UNKNOWN,
    managerToken: old?.state.managerToken ?? UNKNOWN,
    workerToken: old?.state.workerToken ?? UNKNOWN,
  }),
  async create(inputs, context) {
    const { id, outputs } = await inspect(context);
    return { id, state: { ...inputs, ...outputs } };
  },
  async read(id, old, context) {
    const swarm = await inspect(context);
    if (swarm.id !== id) return undefined;
    const inputs = old?.inputs ?? {};
    return { id, inputs, state: { ...inputs, ...swarm.outputs } };
  },
  async update(old, news) {
    return { id: old.id, state: { ...old.state, ...news } };
  },
  async delete() {},
};

async function inspect(context: SwarmAccess) {
  const manager = await context.manager();
  const { ID: clusterId, CreatedAt: createdAt, JoinTokens } = await manager.swarm();
  const { Manager: managerToken, Worker: workerToken } = JoinTokens;
  return { id: clusterId, outputs: { clusterId, createdAt, managerToken, workerToken } };
}
