import type { Arguments } from "../arguments";
import { exportLines } from "../setup/backend";
import type { Progress } from "../setup/progress";
import { openSession } from "../setup/session";

/** Prints the environment variables that plain `pulumi` needs, and creates the stack if it is missing. */
export async function env({ stack: name }: Arguments, progress: Progress): Promise<void> {
  const { stack, variables } = await openSession(name, progress);
  if (stack.local) {
    await stack.ensure();
  }
  process.stdout.write(`${exportLines(process.env, variables).join("\n")}\n`);
}
