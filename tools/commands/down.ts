import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Arguments } from "../arguments";
import { ensureEngine } from "../setup/engine";
import { projectOf, readForRemoval } from "../setup/environment-file";
import { Exit, Failure } from "../setup/failure";
import { foldersOf, removeStackFolder, root } from "../setup/folders";
import { endOrphans, heal } from "../setup/heal";
import { describeObjects, kinds, listObjects, removeObjects } from "../setup/local-objects";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { leaks } from "./leaks";

/** What Pulumi says after a destroy; it is wrong once the stack is removed as well. */
export const STACK_STAYS =
  /^The resources in the stack have been deleted, but the history and|^If you want to remove the stack completely, run/;

/** Removes the environment; with `--sweep` even when its state is lost. */
export async function down(args: Arguments, progress: Progress): Promise<void> {
  if (args.sweep) return sweep(args.stack, progress);
  const removal = readForRemoval(root, args.stack);
  const session = await openSession(args.stack, progress, undefined, removal);
  const settings = join(root, `Pulumi.${args.stack}.yaml`);
  const hadSettings = existsSync(settings);
  await remove(session, args, progress).finally(() => {
    // Pulumi writes one for a stack that has none.
    if (!hadSettings) rmSync(settings, { force: true });
  });
}

async function remove(session: Session, args: Arguments, progress: Progress): Promise<void> {
  const { stack, file, folders } = session;
  await heal(stack, file.project, folders, progress);
  if (!stack.exists()) {
    removeStackFolder(folders, stack.name);
    progress.line(`There is no environment ${stack.name}: nothing to remove.`);
    return;
  }
  const options = ["destroy", "--yes", "--skip-preview", ...args.rest];
  const whole = stack.local && isWhole(args.rest);
  const without = whole ? STACK_STAYS : undefined;
  const status = await stack.show(`removing ${stack.name}`, options, without ? { without } : {});
  if (status !== 0) throw new Exit(status);
  if (whole) {
    await stack.remove();
    removeStackFolder(folders, stack.name);
    await requireNothingLeft(session);
  } else if (isWhole(args.rest)) {
    await leaks(args, progress);
  }
}

/** False when only part of the environment was destroyed. Pure. */
export function isWhole(options: readonly string[]): boolean {
  const partly = /^(-t|--target|-x|--exclude|--preview-only)/;
  return !options.some((word) => partly.test(word));
}

async function requireNothingLeft({ owner, stack, progress }: Session): Promise<void> {
  const left = await listObjects(["container", "network", "volume"], owner);
  if (left.length > 0) {
    throw new Failure(
      `The stack is destroyed, but these remain: ${describeObjects(left)}.`,
      `To remove them, run: npm run down -- -s ${stack.name} --sweep`,
    );
  }
  progress.line(`Nothing of ${stack.name} is left on this machine.`);
}

/** Removes everything with the environment's label, and its state. */
async function sweep(name: string, progress: Progress): Promise<void> {
  const project = projectOf(root);
  const folders = foldersOf(process.env);
  await ensureEngine(progress, folders.cache);
  await endOrphans();
  const objects = await listObjects(kinds, `${project}/${name}`);
  const stayed = await progress.during(`removing what remains of ${name}`, () =>
    removeObjects(objects),
  );
  const removed = objects.filter((object) => !stayed.some((other) => other.object === object));
  progress.line(
    removed.length === 0
      ? `Nothing on this machine has the label of ${name}.`
      : `Removed ${describeObjects(removed)}.`,
  );
  if (stayed.length > 0) {
    const reasons = stayed.map(({ object, reason }) => `${object.kind} ${object.name}: ${reason}`);
    throw new Failure("Some could not be removed.", reasons.join("\n"));
  }
  removeStackFolder(folders, name);
  progress.line(`Removed the state of ${name}.`);
}
