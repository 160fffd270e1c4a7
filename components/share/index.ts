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
 * @throws RunError for kinds that are not built yet.
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
  throw new pulumi.RunError(
    `A share of kind ${settings.kind} cannot be created here: set swarmyard:share.kind to "directory", "efs" (with hosts on AWS) or "none".`,
  );
}
