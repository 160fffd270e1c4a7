import type { Arguments } from "../arguments";
import { Exit } from "../setup/failure";
import type { Progress } from "../setup/progress";
import { openSession } from "../setup/session";
import { openStack } from "./up";

/** Shows what `up` would change. */
export async function preview({ stack: name, rest }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  await openStack(session);
  const args = ["preview", ...byField(rest), ...rest];
  const status = await session.stack.show(`previewing ${name}`, args);
  if (status !== 0) throw new Exit(status);
}

/** Asks for a diff by field unless the options say otherwise. Pure. */
export function byField(options: readonly string[]): readonly string[] {
  const json = options.some((word) => word === "--json" || word === "-j");
  return json || options.some((word) => word.startsWith("--diff")) ? [] : ["--diff"];
}
