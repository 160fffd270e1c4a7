import type { EngineClient } from "./client";
import { cause } from "./errors";
import { poll } from "./waiting";

/** What became of a manager that may be locked. */
export type Unlocking =
  | { readonly kind: "open" }
  | { readonly kind: "unlocked" }
  | { readonly kind: "refused"; readonly reason: string };

const TIMES = { timeoutMs: 30_000, everyMs: 200 };

/**
 * Unlocks a manager whose Docker engine restarted, and waits until it takes part in the swarm again. The
 * keys are tried in their order; they travel in the body of a request, where no process list shows them.
 */
export async function unlockManager(
  engine: EngineClient,
  keys: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Unlocking> {
  if ((await stateOf(engine)) !== "locked") return { kind: "open" };
  let reason = "there is no key";
  for (const key of keys) {
    try {
      await engine.unlock(key);
    } catch (error) {
      reason = cause(error);
      continue;
    }
    const active = await poll({ signal }, TIMES, async () =>
      (await stateOf(engine)) === "active" ? true : undefined,
    );
    if (active === true) return { kind: "unlocked" };
    reason = `it took the key and was ${await stateOf(engine)} 30 s later`;
  }
  return { kind: "refused", reason };
}

async function stateOf(engine: EngineClient): Promise<string | undefined> {
  return (await engine.info()).Swarm?.LocalNodeState;
}
