import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { engineImage } from "../network/engine-image";
import { localName } from "../network/labels";
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
 * Makes all hosts of an environment, in the order of its file.
 */
export function createHosts(
  environment: Environment,
  surroundings: HostSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): Host[] {
  const { network, share } = surroundings;
  if (environment.hosts.length === 0) return [];
  if (network === undefined) throw new Error("local hosts need the local network");
  if (!pulumi.runtime.isDryRun()) {
    const names = environment.hosts.map((host) => localName(environment.name, host.name));
    wakeStack(`${pulumi.getProject()}/${pulumi.getStack()}`, names);
  }

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
