import type { Endpoint } from "../../components/engine/endpoints";
import { connect, type Transport } from "../../components/engine/transport";
import { unlockManager } from "../../components/engine/unlocking";
import { readOutputs } from "../report/outputs";
import { messageOf } from "./failure";
import type { Session } from "./session";
import { hasUnlockKey, unlockKeysIn } from "./state-secrets";

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
