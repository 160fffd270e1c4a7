import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { lazily } from "../runtime/lazily";
import type { ShareNetwork } from "./efs";
import type { Share } from "./share";

/** What a share is attached to. */
export interface ShareSurroundings {
  /** The networks of the environment; `aws` is needed by a share of kind efs. */
  readonly network: {
    readonly aws?: (ShareNetwork & { readonly provider: pulumi.ProviderResource }) | undefined;
  };
}

/**
 * Creates the folder that every host of an environment sees; undefined for `share.kind: none`.
 *
 * @throws RunError for a kind that needs hosts which the environment does not have.
 */
export async function createShare(
  environment: Environment,
  { network }: ShareSurroundings,
  opts: pulumi.ComponentResourceOptions = {},
): Promise<Share | undefined> {
  const settings = environment.share;
  if (settings.kind === "none") return undefined;
  // Each kind is loaded when it is used: the SDK of AWS alone takes seconds.
  if (settings.kind === "directory") {
    const { DirectoryShare } = await lazily(
      () => import("./directory.js"),
      () => require("./directory"),
    );
    return new DirectoryShare("share", { environment, settings }, opts);
  }
  if (settings.kind === "efs" && network.aws !== undefined) {
    const { EfsShare } = await lazily(
      () => import("./efs.js"),
      () => require("./efs"),
    );
    const { aws } = network;
    const { provider } = aws;
    return new EfsShare("share", { environment, settings, network: aws }, { ...opts, provider });
  }
  if (settings.kind === "nfs") {
    const { NfsShare } = await lazily(
      () => import("./nfs.js"),
      () => require("./nfs"),
    );
    return new NfsShare("share", { settings }, opts);
  }
  const first = environment.hosts.find(({ kind }) => kind === "ssh")?.name;
  if (settings.kind === "existing" && first !== undefined) {
    const { ExistingShare } = await lazily(
      () => import("./existing.js"),
      () => require("./existing"),
    );
    return new ExistingShare("share", { settings, first }, opts);
  }
  throw new pulumi.RunError(
    `A share of kind ${settings.kind} cannot be created here: set swarmyard:share.kind to "directory", "efs" (with hosts on AWS), "existing" (with existing machines), "nfs" or "none".`,
  );
}
