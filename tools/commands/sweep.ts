import { existsSync } from "node:fs";
import { environmentPath } from "../../components/config/file/find";
import type { Arguments } from "../arguments";
import { requireName } from "../setup/ask";
import { ensureEngine } from "../setup/engine";
import { projectOf, readEnvironmentFile } from "../setup/environment-file";
import { Failure } from "../setup/failure";
import { foldersOf, removeStackFolder, root, stateId } from "../setup/folders";
import { endOrphans } from "../setup/heal";
import {
  describeObjects,
  foreign,
  kinds,
  type LocalObject,
  listObjects,
  listShares,
  removeObjects,
} from "../setup/local-objects";
import type { Progress } from "../setup/progress";

type Objects = readonly LocalObject[];

/**
 * Removes everything with the environment's label, and its state. Data that is declared to be kept
 * needs `--data`; what was created from another state folder is asked about.
 */
export async function sweep(args: Arguments, progress: Progress): Promise<void> {
  const name = args.stack;
  const known = existsSync(environmentPath(root, name));
  // Without its file nobody knows whether its data is to be kept.
  const { project, keepsData } = known
    ? readEnvironmentFile(root, name)
    : { project: projectOf(root), keepsData: true };
  const folders = foldersOf(process.env);
  await ensureEngine(progress, folders.cache);
  await endOrphans();
  const owner = `${project}/${name}`;
  const found = await listObjects(kinds, owner);
  const { kept, rest } = await apartFromKept(found, owner, keepsData === true && !args.data);
  if (args.yes !== true) await askAboutOthers(name, owner, stateId(folders), rest, progress);
  await remove(name, rest, progress);
  if (kept.length > 0) progress.line(keptLine(kept, name));
  removeStackFolder(folders, name);
  progress.line(`Removed the state of ${name}.`);
}

/** Takes the volume of a share that is kept out of what is found. */
export async function apartFromKept(
  found: Objects,
  owner: string,
  keepsData: boolean | undefined,
): Promise<{ readonly kept: Objects; readonly rest: Objects }> {
  if (keepsData !== true) return { kept: [], rest: found };
  const shares = await listShares(owner);
  const isKept = ({ kind, name }: LocalObject) => kind === "volume" && shares.includes(name);
  return { kept: found.filter(isKept), rest: found.filter((object) => !isKept(object)) };
}

/** Says what is kept, and how to remove it. Pure. */
export function keptLine(kept: Objects, name: string): string {
  return `Kept, as swarmyard:share.data says: ${describeObjects(kept)}. To remove that too, run: npm run down -- -s ${name} --sweep --data`;
}

async function askAboutOthers(
  name: string,
  owner: string,
  ours: string,
  found: Objects,
  progress: Progress,
): Promise<void> {
  const ids = new Set(found.map(({ id }) => id));
  const others = (await foreign(owner, ours)).filter(({ id }) => ids.has(id));
  if (others.length === 0) return;
  progress.line(
    `Not created from your state folder, or its id is lost; another user may need ${name}:`,
  );
  for (const { kind, name: object, about } of others) progress.line(`  ${kind} ${object} ${about}`);
  await requireName(name, `npm run down -- -s ${name} --sweep --yes`);
}

async function remove(name: string, objects: Objects, progress: Progress): Promise<void> {
  const stayed = await progress.during(`removing what is left of ${name}`, () =>
    removeObjects(objects),
  );
  const removed = objects.filter((object) => !stayed.some((other) => other.object === object));
  progress.line(
    removed.length === 0
      ? `Nothing with the label of ${name} was removed.`
      : `Removed ${describeObjects(removed)}.`,
  );
  if (stayed.length === 0) return;
  const reasons = stayed.map(({ object, reason }) => `${object.kind} ${object.name}: ${reason}`);
  throw new Failure("Some could not be removed.", reasons.join("\n"));
}
