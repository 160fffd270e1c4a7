import type { Arguments } from "../arguments";
import { findLeaks, keptLines } from "../aws/leaks";
import { readEnvironmentFile } from "../setup/environment-file";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import type { Progress } from "../setup/progress";

/** Lists what AWS still holds of an environment; fails when anything but kept data is left. */
export async function leaks({ stack }: Arguments, progress: Progress): Promise<void> {
  const { project } = readEnvironmentFile(root, stack);
  const found = await progress.during(`asking AWS what remains of ${stack}`, () =>
    findLeaks(stack, project),
  );
  if (found === undefined) {
    progress.line(`${stack} has no machines on AWS, so nothing can be left there.`);
    return;
  }
  for (const line of keptLines(stack, found.kept)) progress.line(line);
  if (found.left.length > 0) {
    const list = found.left.map(({ kind, id }) => `  ${kind} ${id}`).join("\n");
    throw new Failure(
      `AWS still holds ${found.left.length} resources tagged ${stack}:\n${list}`,
      `While the environment is up, they belong to it. To remove it, run: npm run down -- -s ${stack}`,
    );
  }
  progress.line(`AWS holds no leftovers of ${stack}.`);
}
