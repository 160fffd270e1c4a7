import type { Environment } from "../../components/config/environment/environment";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { environmentPath } from "../../components/config/file/find";
import { Failure } from "../setup/failure";
import { root } from "../setup/folders";
import { type Aws, awsCli } from "./cli";
import { FILE_SYSTEM, type Holding, holdings } from "./holdings";

/** What an account still holds of an environment that was destroyed. */
export interface Leaks {
  /** On purpose: data of an environment whose share says `data: keep`, and its backups. */
  readonly kept: readonly Holding[];
  /** What should be gone. */
  readonly left: readonly Holding[];
}

/** Separates what is kept on purpose from leftovers. Pure. */
export function sortHoldings(held: readonly Holding[], share: Environment["share"]): Leaks {
  const keeps = share.kind === "efs" && share.data === "keep";
  const isKept = ({ kind }: Holding) =>
    keeps && (kind === FILE_SYSTEM || kind === "backup recovery-point");
  return { kept: held.filter(isKept), left: held.filter((one) => !isKept(one)) };
}

/**
 * Asks AWS what it still holds under an environment's tag; undefined when it has no machines there.
 *
 * @throws Failure when the environment file has problems, or AWS cannot be asked
 */
export async function findLeaks(
  stack: string,
  project: string,
  reach: (region: string) => Aws = awsCli,
): Promise<Leaks | undefined> {
  const { environment, problems } = readEnvironmentFile(environmentPath(root, stack));
  if (environment === undefined) {
    throw new Failure(
      `Pulumi.${stack}.yaml has ${problems.length} problems.`,
      `To see them, run: npm run preview -- -s ${stack}`,
    );
  }
  const { aws, share, prefix } = environment;
  if (aws === undefined) return undefined;
  const held = await holdings(reach(aws.region), `${project}/${stack}`, `${prefix}-${stack}-`);
  return sortHoldings(held, share);
}

/** Lines about what is kept on purpose, and how to reuse or delete it. Pure. */
export function keptLines(stack: string, kept: readonly Holding[]): readonly string[] {
  const files = kept.filter(({ kind }) => kind === FILE_SYSTEM);
  return [
    ...kept.map(({ kind, id }) => `Kept on purpose: ${kind} ${id}`),
    ...files.map(
      ({ id }) =>
        `To use it again, write in Pulumi.${stack}.yaml: swarmyard:share: { kind: efs, data: keep, fileSystemId: ${id} }`,
    ),
  ];
}
