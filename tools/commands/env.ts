import type { Arguments } from "../arguments";
import { keepAddresses } from "../setup/addresses";
import { exportLines } from "../setup/backend";
import type { Progress } from "../setup/progress";
import { ensureEngineOf, openSession } from "../setup/session";

/** Prints the environment variables that plain `pulumi` needs, and creates the stack if it is missing. */
export async function env({ stack: name }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  const { stack, variables } = session;
  if (stack.local) {
    await stack.ensure();
    await ensureEngineOf(session, (await keepAddresses(session))?.engine);
  }
  process.stdout.write(`${exportLines(process.env, variables).join("\n")}\n`);
}
