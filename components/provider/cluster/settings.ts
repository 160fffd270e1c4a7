import type { LiveSwarm, SwarmSpec } from "../../engine/live";
import type { ClusterInputs } from "../../model/kinds/cluster";
import { isMap, sameValue } from "../../model/paths";
import { formatDuration, parseDuration } from "../../model/quantities";
import type { Properties } from "../../model/values";

/** What Docker gives a new swarm. */
const dockers = { autolock: false, certificateExpiry: "2160h", taskHistory: 5 } as const;

type Setting = keyof typeof dockers;

/**
 * The spec that a swarm gets. A setting that no input names stays as it is; one that an input named
 * before gets Docker's default back.
 */
export function wantedSpec(
  spec: SwarmSpec,
  news: ClusterInputs,
  before: Partial<ClusterInputs> = {},
): SwarmSpec {
  const named = (setting: Setting) => before[setting] !== undefined;
  const autolock = news.autolock ?? (named("autolock") ? dockers.autolock : undefined);
  const expiry =
    news.certificateExpiry ?? (named("certificateExpiry") ? dockers.certificateExpiry : undefined);
  const history = news.taskHistory ?? (named("taskHistory") ? dockers.taskHistory : undefined);
  return {
    ...spec,
    ...(autolock === undefined
      ? {}
      : { EncryptionConfig: { ...spec.EncryptionConfig, AutoLockManagers: autolock } }),
    ...(expiry === undefined
      ? {}
      : { CAConfig: { ...spec.CAConfig, NodeCertExpiry: parseDuration(expiry) } }),
    ...(history === undefined
      ? {}
      : { Orchestration: { ...spec.Orchestration, TaskHistoryRetentionLimit: history } }),
  };
}

/** The settings of a swarm that these inputs name, in their form. */
export function liveSettings({ Spec }: LiveSwarm, inputs: Properties): Properties {
  const expiry = Spec.CAConfig?.NodeCertExpiry;
  const live: { readonly [S in Setting]: unknown } = {
    autolock: Spec.EncryptionConfig?.AutoLockManagers === true,
    certificateExpiry: sameDuration(inputs.certificateExpiry, expiry)
      ? inputs.certificateExpiry
      : formatDuration(expiry ?? 0),
    taskHistory: Spec.Orchestration?.TaskHistoryRetentionLimit ?? dockers.taskHistory,
  };
  return Object.fromEntries(Object.entries(live).filter(([key]) => inputs[key] !== undefined));
}

function sameDuration(stated: unknown, nanoseconds: number | undefined): boolean {
  return typeof stated === "string" && parseDuration(stated) === nanoseconds;
}

/** What a swarm was made with, which Docker cannot change. */
export type Fixed = {
  readonly addressPools: readonly string[];
  readonly addressPoolMask: number;
  readonly dataPathPort: number;
};

/** What a swarm was made with, in the form of the inputs. */
export function fixedOf({ DefaultAddrPool, SubnetSize, DataPathPort }: LiveSwarm): Fixed {
  return {
    addressPools: DefaultAddrPool ?? [],
    addressPoolMask: SubnetSize || madeWithout.addressPoolMask,
    dataPathPort: DataPathPort || madeWithout.dataPathPort,
  };
}

/** What a swarm is made with where no input says it. */
const madeWithout: Fixed = {
  addressPools: ["10.200.0.0/16"],
  addressPoolMask: 24,
  dataPathPort: 4789,
};

const names = ["addressPools", "addressPoolMask", "dataPathPort"] as const;

/**
 * Why a swarm cannot have what the inputs want of it; undefined when it has it.
 *
 * @param fixed what it was made with; undefined while that is not known
 * @param before earlier inputs: what they named, and these do not, goes back to the default
 */
export function fixedProblem(
  fixed: unknown,
  news: Partial<ClusterInputs>,
  before: Partial<ClusterInputs> = {},
): string | undefined {
  if (!isMap(fixed)) return undefined;
  const lines = names.flatMap((name) => {
    const wanted = news[name] ?? (before[name] === undefined ? undefined : madeWithout[name]);
    if (wanted === undefined || sameValue(wanted, fixed[name])) return [];
    return `swarmyard:swarm.${name} is ${text(wanted)}, but the swarm was made with ${text(fixed[name])}`;
  });
  if (lines.length === 0) return undefined;
  const back =
    "Docker sets this only when it makes a swarm. To keep the swarm, write the old value";
  return `${lines.join("; ")}. ${back}. For a new swarm with the new value, run down, then up: everything on the swarm is removed and created again.`;
}

function text(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
