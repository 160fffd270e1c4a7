import type { Endpoint } from "../../components/engine/endpoints";
import { isMap } from "../../components/model/paths";
import type { Exported } from "./stack";

const CLUSTER = "swarm:index:Cluster";
const PROVIDER = "pulumi:providers:swarm";

/** True when the state has the key of a swarm with autolock. Pure. */
export function hasUnlockKey({ deployment }: Exported): boolean {
  return (deployment?.resources ?? []).some(
    ({ type, outputs }) => type === CLUSTER && outputs?.unlockKey !== undefined,
  );
}

/** The unlock key and the one before it, from a state with its secrets in clear. Pure. */
export function unlockKeysIn({ deployment }: Exported): readonly string[] {
  const clusters = (deployment?.resources ?? []).filter(({ type }) => type === CLUSTER);
  return clusters.flatMap(({ outputs = {} }) =>
    [outputs.unlockKey, outputs.previousUnlockKey].flatMap((value) => plain(value)),
  );
}

/** How hosts are reached, from a state with its secrets in clear: also after an `up` that failed. Pure. */
export function endpointsIn({ deployment }: Exported): readonly Endpoint[] {
  const providers = (deployment?.resources ?? []).filter(({ type }) => type === PROVIDER);
  const found = providers.flatMap(({ inputs = {} }) => plain(inputs.endpoints));
  return found.flatMap((text): readonly Endpoint[] => JSON.parse(text));
}

/** The text of a secret, as `pulumi stack export --show-secrets` writes it. */
function plain(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (!isMap(value) || typeof value.plaintext !== "string") return [];
  const text: unknown = JSON.parse(value.plaintext);
  return typeof text === "string" ? [text] : [];
}
