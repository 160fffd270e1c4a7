import { setTimeout as sleep } from "node:timers/promises";
import { backendFolder } from "./backend";
import { Failure } from "./failure";
import { type Folders, stateId } from "./folders";
import {
  describeObjects,
  foreign,
  type LocalObject,
  listObjects,
  removeObjects,
} from "./local-objects";
import { clearLocks } from "./lock";
import { clearOldPipes } from "./old-pipes";
import type { Progress } from "./progress";
import { isAlive, killAll, markedProcesses, orphansOf } from "./runs";
import { halfDeleted, settle } from "./settle";
import type { Exported, Stack } from "./stack";
import { clearTornAttributes } from "./torn-attributes";

/** Objects without a resource in the state: a killed run created them without recording them. Pure. */
export function leftByKilledRun(
  objects: readonly LocalObject[],
  state: Exported,
): readonly LocalObject[] {
  const known = new Set((state.deployment?.resources ?? []).map(({ id }) => id));
  return objects.filter(({ id }) => !known.has(id));
}

/**
 * The state without pending operations, or undefined when there are none. Pure.
 *
 * @param gone ids of objects whose deletion is done, although the killed run did not record it: their
 * resources become what Pulumi calls deleted and not yet recreated, which keeps references to them
 */
export function withoutPending(
  state: Exported,
  gone: ReadonlySet<string> = new Set(),
): Exported | undefined {
  const { deployment } = state;
  if (deployment === undefined || (deployment.pending_operations ?? []).length === 0) {
    return undefined;
  }
  const { pending_operations: pending = [], ...rest } = deployment;
  const deleted = new Set(
    pending.flatMap(({ type, resource }) =>
      type === "deleting" && gone.has(resource?.id ?? "") ? [resource?.urn] : [],
    ),
  );
  if (deleted.size === 0) return { ...state, deployment: rest };
  const resources = (deployment.resources ?? []).flatMap((one) => {
    if (!deleted.has(one.urn) || !gone.has(one.id ?? "")) return [one];
    // Nothing refers to one that another has replaced.
    return one.delete === true ? [] : [{ ...one, pendingReplacement: true }];
  });
  return { ...state, deployment: { ...rest, resources } };
}

/**
 * Ends processes that a killed run left behind.
 *
 * @returns their number
 */
export async function endOrphans(): Promise<number> {
  const orphans = () => orphansOf(markedProcesses(), isAlive);
  const found = orphans().length;
  for (let attempt = 0; attempt < 20 && orphans().length > 0; attempt += 1) {
    killAll(orphans());
    await sleep(100);
  }
  return found;
}

/**
 * Cleans up after a killed run: processes, locks, pending operations, and containers and
 * networks that its state does not know. Volumes stay, since their names are fixed.
 *
 * @throws Failure when another run holds the lock, or the state is lost
 */
export async function heal(
  stack: Stack,
  project: string,
  folders: Folders,
  progress: Progress,
): Promise<void> {
  const ended = await endOrphans();
  if (ended > 0) {
    progress.line(`Ended ${ended} processes that a killed run left behind.`);
  }
  if (!stack.local) {
    return;
  }
  clearOldPipes();
  const owner = `${project}/${stack.name}`;
  const backend = backendFolder(folders, stack.name);
  if (clearLocks(backend, project, stack.name) > 0) {
    progress.line("Removed the lock of a run that was killed.");
  }
  // Only now: a run that holds the lock may be writing them.
  if (clearTornAttributes(backend) > 0) {
    progress.line("Removed attributes that a killed run wrote in part; the state is whole.");
  }
  const list = () => listObjects(["container", "network"], owner);
  if (!stack.exists()) {
    const objects = await list();
    await refuseOthers(stack.name, owner, folders, objects);
    refuseWithoutState(stack.name, objects);
    return;
  }
  const state = await stack.peek();
  if (withoutPending(state) !== undefined) {
    const gone = await progress.during("waiting for what a killed run had asked for", () =>
      settle(halfDeleted(state)),
    );
    await stack.import(withoutPending(await stack.export(), gone) ?? state);
    progress.line("Cleared operations that a killed run did not finish.");
  }
  const strays = leftByKilledRun(await list(), state);
  await refuseOthers(stack.name, owner, folders, strays);
  await removeStrays(strays, progress);
}

/** Objects of the same name that another user of this Docker engine created are not ours to remove. */
async function refuseOthers(
  name: string,
  owner: string,
  folders: Folders,
  objects: readonly LocalObject[],
): Promise<void> {
  const ids = new Set(objects.map(({ id }) => id));
  if (ids.size === 0) return;
  const [other] = (await foreign(owner, stateId(folders))).filter(({ id }) => ids.has(id));
  if (other === undefined) return;
  throw new Failure(
    `An environment ${name} that was not created from your state folder ${folders.state} is on this Docker engine: ` +
      `its ${other.kind} ${other.name} ${other.about}.`,
    `If it is another user's, give yours another name: cp Pulumi.${name}.yaml Pulumi.mine.yaml && npm run up -- -s mine\n` +
      `If it is yours and its state is lost, remove it: npm run down -- -s ${name} --sweep`,
  );
}

function refuseWithoutState(stack: string, objects: readonly LocalObject[]): void {
  if (objects.length > 0) {
    throw new Failure(
      `The state of ${stack} is lost, but these still exist: ${describeObjects(objects)}.`,
      `To remove them, run: npm run down -- -s ${stack} --sweep`,
    );
  }
}

async function removeStrays(strays: readonly LocalObject[], progress: Progress): Promise<void> {
  if (strays.length === 0) {
    return;
  }
  progress.line(`Removing what a killed run left behind: ${describeObjects(strays)}.`);
  const [first] = await progress.during("removing what a killed run left behind", () =>
    removeObjects(strays),
  );
  if (first !== undefined) {
    throw new Failure(
      `The ${first.object.kind} ${first.object.name} cannot be removed: ${first.reason}`,
    );
  }
}
