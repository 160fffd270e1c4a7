import * as pulumi from "@pulumi/pulumi";
import type { Environment, HostKind } from "../config/environment";
import { engineImage } from "../network/engine-image";
import type { LocalNetwork } from "../network/local";
import { Key } from "../provider/resources";
import type { Share } from "../share/share";
import type { Host } from "./host";
import { engineMissingCapabilities } from "./local/capabilities";
import { IMAGE_FOLDER, LocalHost } from "./local/host";
import { wakeStack } from "./local/wake";

export type { Host, SshEndpoint } from "./host";
export { copyToRemote, type RemoteCommandArgs, type RemoteCopyArgs, remoteCommand } from "./remote";

/** What hosts are attached to. */
export interface HostSurroundings {
  /** Needed by local hosts. */
  readonly network?: LocalNetwork | undefined;
  /** @default none */
  readonly share?: Share | undefined;
}

/**
 * Makes all hosts of an environment, in the order of its file; see {@link refuseUnbuilt}.
 */
export function createHosts(
  environment: Environment,
  surroundings: HostSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): Host[] {
  const { network, share } = surroundings;
  if (environment.hosts.length === 0) return [];
  if (network === undefined) throw new Error("local hosts need the local network");
  if (!pulumi.runtime.isDryRun()) wakeStack(`${pulumi.getProject()}/${pulumi.getStack()}`);

  const operator = new Key("operator", {}, opts);
  const image = engineImage(
    "node-image",
    { repository: "swarmyard/node", folder: IMAGE_FOLDER },
    { ...(opts?.parent === undefined ? {} : { parent: opts.parent }) },
  ).imageId;
  const missingCapabilities = engineMissingCapabilities();
  return environment.hosts.map(
    (settings) =>
      new LocalHost(
        settings.name,
        {
          environment,
          settings,
          network,
          ...(share === undefined ? {} : { share }),
          image,
          operator,
          missingCapabilities,
        },
        opts,
      ),
  );
}

/**
 * Refuses an environment with kinds of machines that are not built yet, in one sentence and before
 * anything is made.
 *
 * @throws RunError that names the hosts and what to set instead.
 */
export function refuseUnbuilt({ hosts }: Environment): void {
  const kinds = [...new Set<HostKind>(hosts.map((host) => host.kind))].filter(
    (kind) => kind !== "local",
  );
  if (kinds.length === 0) return;
  const named = hosts.filter((host) => host.kind !== "local").map((host) => host.name);
  throw new pulumi.RunError(
    `Machines of kind ${kinds.join(" and ")} are not built yet: ${named.join(", ")}. Set the kind of their groups to "local" to try the environment on this machine.`,
  );
}
