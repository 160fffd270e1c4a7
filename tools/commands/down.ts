import type { Arguments } from "../arguments";
import { Exit, Failure } from "../setup/failure";
import { removeStackFolder } from "../setup/folders";
import { heal } from "../setup/heal";
import { describeObjects, listObjects } from "../setup/local-objects";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { brakeDown } from "./brake";
import { leaks } from "./leaks";
import { apartFromKept, keptLine, sweep } from "./sweep";

/** Removes the environment; with `--sweep` even when its state is lost. */
export async function down(args: Arguments, progress: Progress): Promise<void> {
  if (args.sweep) return sweep(args, progress);
  const session = await openSession(args.stack, progress);
  const { stack, file, folders } = session;
  await heal(stack, file.project, folders, progress);
  if (!stack.exists()) {
    removeStackFolder(folders, stack.name);
    progress.line(`There is no environment ${stack.name}: nothing to remove.`);
    return;
  }
  if (!args.rest.includes("--preview-only")) {
    await brakeDown(session, { yes: args.yes === true, whole: isWhole(args.rest) });
  }
  const options = ["destroy", "--yes", "--skip-preview", ...args.rest];
  const status = await stack.show(`removing ${stack.name}`, options);
  if (status !== 0) throw new Exit(status);
  if (stack.local && isWhole(args.rest)) {
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
