import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { DirectoryShare } from "./directory";
import type { Share } from "./share";

export { DirectoryShare, type DirectoryShareArgs } from "./directory";
export type { Share, ShareMount } from "./share";

/**
 * Makes the folder that every host of an environment sees; undefined for `share.kind: none`.
 *
 * @throws RunError for kinds that are not built yet.
 */
export function createShare(
  environment: Environment,
  opts?: pulumi.ComponentResourceOptions,
): Share | undefined {
  const { kind } = environment.share;
  if (kind === "none") return undefined;
  if (kind === "directory") return new DirectoryShare("share", { environment }, opts);
  throw new pulumi.RunError(
    `A share of kind ${kind} is not built yet: set swarmyard:share.kind to "directory" or "none".`,
  );
}
