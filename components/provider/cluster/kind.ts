import type { LiveSwarm, Rotation } from "../../engine/live";
import { tokensHash } from "../../engine/tokens";
import { writeInTurn } from "../../engine/waiting";
import { checkerOf } from "../../model/fields/check";
import { type ClusterInputs, clusterFields } from "../../model/kinds/cluster";
import { changesBetween, sameValue } from "../../model/paths";
import { type Properties, UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind, Stored } from "../kind";
import { ingressNetwork, liveIngress, settleIngress } from "./ingress";
import { fixedOf, fixedProblem, liveSettings, wantedSpec } from "./settings";

/**
 * The identity of the swarm: its id is the swarm's, with the tokens to join it, read through any
 * manager. It sets what the swarm itself is set to; it makes no swarm and ends none.
 */
export const clusterKind: Kind<ClusterInputs, KindContext> = {
  token: "swarm:index:Cluster",
  secrets: ["managerToken", "workerToken", "unlockKey", "previousUnlockKey"],
  check: checkerOf(clusterFields),
  diff: (old, news) => {
    refuse(fixedProblem(old.state.fixed, news, old.inputs));
    return changesBetween(old.inputs, news, "", () => false);
  },
  plan: (news, old) => ({
    ...news,
    clusterId: old?.state.clusterId ?? UNKNOWN,
    createdAt: old?.state.createdAt ?? UNKNOWN,
    managerToken: old?.state.managerToken ?? UNKNOWN,
    workerToken: old?.state.workerToken ?? UNKNOWN,
    ...(news.autolock === true ? { unlockKey: keptKey(news, old) ?? UNKNOWN } : {}),
  }),
  async create(inputs, context) {
    const swarm = await settle(inputs, undefined, context);
    return { id: swarm.ID, state: { ...inputs, ...(await outputsOf(swarm, {}, context)) } };
  },
  async read(id, old, context) {
    const swarm = await (await context.manager()).swarm();
    if (swarm.ID !== id) return undefined;
    const before = old?.inputs ?? {};
    const inputs = { ...before, ...liveSettings(swarm, before), ...(await ingress(old, context)) };
    const outputs = await outputsOf(swarm, old?.state ?? {}, context);
    return { id, inputs, state: { ...inputs, ...outputs } };
  },
  async update(old, news, context) {
    const swarm = await settle(news, old, context);
    return { id: old.id, state: { ...news, ...(await outputsOf(swarm, old.state, context)) } };
  },
  async delete() {},
};

/** Gives the swarm the settings that the inputs name. */
async function settle(
  news: ClusterInputs,
  old: Stored<ClusterInputs> | undefined,
  context: KindContext,
): Promise<LiveSwarm> {
  const docker = await context.manager();
  const rotation = rotationFor(news, old);
  const written = await writeInTurn(context, async () => {
    const live = await docker.swarm();
    refuse(fixedProblem(fixedOf(live), news, old?.inputs));
    const spec = wantedSpec(live.Spec, news, old?.inputs);
    if (!sameValue(spec, live.Spec) || rotation !== undefined) {
      await docker.updateSwarm(live.Version.Index, spec, rotation);
    }
    return true;
  });
  if (written === undefined) {
    throw new Error("the swarm kept changing while its settings were written; try again");
  }
  if (news.ingress !== undefined) await settleIngress(news.ingress, context);
  return docker.swarm();
}

/** Another stamp is another key. A swarm that gets its first key needs no second one. */
function rotationFor(
  news: ClusterInputs,
  old: Stored<ClusterInputs> | undefined,
): Rotation | undefined {
  if (old === undefined || keptKey(news, old) !== undefined) return undefined;
  if (news.autolock !== true || old.inputs.autolock !== true) return undefined;
  return news.rotateUnlockKey === old.inputs.rotateUnlockKey
    ? undefined
    : { rotateManagerUnlockKey: true };
}

/** The unlock key that stays the one of the swarm. */
function keptKey(news: ClusterInputs, old: Stored<ClusterInputs> | undefined): unknown {
  const same = news.rotateUnlockKey === old?.inputs.rotateUnlockKey;
  return same && old?.inputs.autolock === true ? old.state.unlockKey : undefined;
}

async function ingress(
  old: Stored<ClusterInputs> | undefined,
  context: KindContext,
): Promise<Properties> {
  const stated = old?.inputs.ingress;
  if (stated === undefined) return {};
  return { ingress: liveIngress(await ingressNetwork(context), stated) };
}

async function outputsOf(
  swarm: LiveSwarm,
  before: Properties,
  context: KindContext,
): Promise<Properties> {
  const { ID: clusterId, CreatedAt: createdAt, JoinTokens } = swarm;
  const { Manager: managerToken, Worker: workerToken } = JoinTokens;
  const keys = await unlockKeys(swarm, before, context);
  const seen = { tokensHash: tokensHash(JoinTokens), fixed: fixedOf(swarm) };
  return { clusterId, createdAt, managerToken, workerToken, ...seen, ...keys };
}

/** The key, and the one before it: a manager that was down during a rotation needs that one. */
async function unlockKeys(
  { Spec }: LiveSwarm,
  before: Properties,
  context: KindContext,
): Promise<Properties> {
  if (Spec.EncryptionConfig?.AutoLockManagers !== true) return {};
  const unlockKey = await (await context.manager()).unlockKey();
  const rotated = before.unlockKey !== undefined && before.unlockKey !== unlockKey;
  const previous = rotated ? before.unlockKey : before.previousUnlockKey;
  return { unlockKey, ...(previous === undefined ? {} : { previousUnlockKey: previous }) };
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}
