import type { Arguments } from "../arguments";
import { keepAddresses } from "../setup/addresses";
import { exportLines } from "../setup/backend";
import type { Progress } from "../setup/progress";
import { openSession } from "../setup/session";

/** Prints what plain `pulumi` needs in its environment, and makes the stack so that it finds it. */
export async function env({ stack: name }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  const { stack, variables } = session;
  if (stack.local) {
    await stack.ensure();
    await keepAddresses(session);
  }
  process.stdout.write(`${exportLines(process.env, variables).join("\n")}\n`);
}
