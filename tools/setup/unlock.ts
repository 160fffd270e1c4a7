import type { Endpoint } from "../../components/engine/endpoints";
import { connect, type Transport } from "../../components/engine/transport";
import { unlockManager } from "../../components/engine/unlocking";
import { isMap } from "../../components/model/paths";
import { readOutputs } from "../report/outputs";
import { messageOf } from "./failure";
import type { Session } from "./session";
import type { Exported } from "./stack";

const CLUSTER = "swarm:index:Cluster";

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

/** The text of a secret, as `pulumi stack export --show-secrets` writes it. */
function plain(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (!isMap(value) || typeof value.plaintext !== "string") return [];
  const text: unknown = JSON.parse(value.plaintext);
  return typeof text === "string" ? [text] : [];
}

/**
 * Unlocks the managers of a swarm with autolock whose Docker engines restarted, with the key in the state, and
 * says so. Without autolock it contacts nobody.
 *
 * @returns how many it unlocked
 */
export async function unlock(session: Session): Promise<number> {
  const { stack, progress } = session;
  if (!stack.exists() || !hasUnlockKey(await stack.peek())) return 0;
  const { endpoints } = await readOutputs(stack);
  const keys = unlockKeysIn(await stack.exportClear());
  const transport = connect(endpoints);
  try {
    const lines = await progress.during("looking for locked managers", () =>
      unlockAll(endpoints, keys, transport),
    );
    for (const line of lines) progress.line(line);
    return lines.filter((line) => line.startsWith("Unlocked")).length;
  } finally {
    transport.close();
  }
}

/** Unlocks all managers that are locked. @returns what it did, a line for each of them */
export async function unlockAll(
  endpoints: readonly Endpoint[],
  keys: readonly string[],
  transport: Pick<Transport, "node">,
): Promise<readonly string[]> {
  const managers = endpoints.filter(({ role }) => role === "manager");
  const lines = await Promise.all(
    managers.map(async ({ name }) => {
      try {
        const done = await unlockManager(await transport.node(name), keys);
        if (done.kind === "open") return [];
        return done.kind === "unlocked"
          ? [`Unlocked the manager ${name}: its Docker engine had restarted.`]
          : [`The manager ${name} stays locked: ${done.reason}.`];
      } catch (error) {
        return [`It is not known whether the manager ${name} is locked: ${messageOf(error)}`];
      }
    }),
  );
  return lines.flat();
}
