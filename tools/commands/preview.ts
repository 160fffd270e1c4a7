import type { Arguments } from "../arguments";
import { Exit } from "../setup/failure";
import type { Progress } from "../setup/progress";
import { openSession } from "../setup/session";
import { openStack } from "./up";

/** Shows what `up` would change: a line for each resource, or with `--diff` every field. */
export async function preview({ stack: name, rest }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  await openStack(session);
  const args = ["preview", ...rest];
  const status = await session.stack.show(`previewing ${name}`, args);
  if (status !== 0) throw new Exit(status);
}
