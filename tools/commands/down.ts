import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environmentPath } from "../../components/config/file/find";
import type { Arguments } from "../arguments";
import { isSlowRemoval } from "../report/hints";
import { removeSshFiles } from "../report/ssh-files";
import { readForRemoval } from "../setup/environment-file";
import { Exit, Failure } from "../setup/failure";
import { removeStackFolder, root } from "../setup/folders";
import { heal } from "../setup/heal";
import { interruption } from "../setup/interruption";
import { describeObjects, listObjects } from "../setup/local-objects";
import { lastLetters } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { unlock } from "../setup/unlock";
import { brakeDown } from "./brake";
import { downPlatform, type PlatformRemoval, platformRemoval } from "./down-platform";
import { leaks } from "./leaks";
import { apartFromKept, keptLine, sweep } from "./sweep";

/** What Pulumi says after a destroy; it is wrong once the stack is removed as well. */
export const STACK_STAYS =
  /^The resources in the stack have been deleted, but the history and|^If you want to remove the stack completely, run/;

/** Removes the environment; with `--sweep` even when its state is lost. */
export async function down(args: Arguments, progress: Progress): Promise<void> {
  if (args.sweep) return sweep(args, progress);
  const part = platformRemoval(args.rest);
  const removal = readForRemoval(root, args.stack);
  const session = await openSession(args.stack, progress, undefined, removal);
  if (part !== undefined) return await downPart(session, args, part);
  const settings = join(root, `Pulumi.${args.stack}.yaml`);
  const hadSettings = existsSync(environmentPath(root, args.stack));
  await remove(session, args, progress).finally(() => {
    // Pulumi writes one for a stack that has none.
    if (!hadSettings) rmSync(settings, { force: true });
  });
}

async function downPart(session: Session, args: Arguments, part: PlatformRemoval): Promise<void> {
  const { stack, file, folders, progress } = session;
  await heal(stack, file.project, folders, progress);
  await downPlatform(session, part, args.yes === true);
}

async function remove(session: Session, args: Arguments, progress: Progress): Promise<void> {
  const { stack, file, folders } = session;
  await heal(stack, file.project, folders, progress);
  if (!stack.exists()) {
    removeStackFolder(folders, stack.name);
    progress.line(`There is no environment ${stack.name}: nothing to remove.`);
    return;
  }
  const whole = stack.local && isWhole(args.rest);
  if (!args.rest.includes("--preview-only")) {
    await brakeDown(session, { yes: args.yes === true, whole: isWhole(args.rest) });
    // Only a part may go, or nodes of machines that stay: both need a manager.
    if (!whole || !stack.local) await unlock(session);
  }
  const options = ["destroy", "--yes", "--skip-preview", ...args.rest];
  const without = whole ? STACK_STAYS : undefined;
  const status = await destroy(session, options, without ? { without } : {});
  if (status !== 0) throw new Exit(status);
  if (whole) {
    await stack.remove();
    removeStackFolder(folders, stack.name);
    await requireNothingLeft(session);
  } else if (isWhole(args.rest)) {
    removeSshFiles(folders, stack.name);
    await leaks(args, progress);
  }
}

/** Once more where only a volume was slow: on a busy disk many of them take minutes, and Pulumi waits for one. */
async function destroy(
  { stack, progress }: Session,
  options: readonly string[],
  shown: { readonly without?: RegExp },
): Promise<number> {
  let said = "";
  const watch = (text: string) => {
    said = lastLetters(said + text);
  };
  const status = await stack.show(`removing ${stack.name}`, options, { ...shown, watch });
  if (status === 0 || !isSlowRemoval(said)) return status;
  interruption.throwIfInterrupted();
  progress.line("This machine took more than a minute to remove a volume; going on.");
  return await stack.show(`removing ${stack.name}`, options, shown);
}

/** False when only part of the environment was destroyed. Pure. */
export function isWhole(options: readonly string[]): boolean {
  const partly = /^(-t|--target|-x|--exclude|--preview-only)/;
  return !options.some((word) => partly.test(word));
}

async function requireNothingLeft({ owner, stack, file, progress }: Session): Promise<void> {
  const found = await listObjects(["container", "network", "volume"], owner);
  const { kept, rest } = await apartFromKept(found, owner, file.keepsData);
  if (rest.length > 0) {
    throw new Failure(
      `The stack is destroyed, but these remain: ${describeObjects(rest)}.`,
      `To remove them, run: npm run down -- -s ${stack.name} --sweep`,
    );
  }
  progress.line(
    kept.length === 0
      ? `Nothing of ${stack.name} is left on this machine.`
      : keptLine(kept, stack.name),
  );
}
