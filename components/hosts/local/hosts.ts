import type * as pulumi from "@pulumi/pulumi";
import type { Environment, HostSettings } from "../../config/environment/environment";
import { engineMissingCapabilities } from "../../local-engine/capabilities";
import { engineImage } from "../../local-engine/image";
import type { LocalNetwork } from "../../network/local/network";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import { IMAGE_FOLDER, LocalHost } from "./host";

/** What hosts on this machine are made in. */
export interface LocalSurroundings {
  readonly network: LocalNetwork;
  readonly share: Share | undefined;
}

/** Makes the hosts of an environment that are containers on this machine. */
export function localHosts(
  environment: Environment,
  { network, share }: LocalSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): (settings: HostSettings) => LocalHost {
  const operator = new Key("operator", {}, opts);
  const image = engineImage(
    "node-image",
    { repository: "swarmyard/node", folder: IMAGE_FOLDER },
    { ...(opts?.parent === undefined ? {} : { parent: opts.parent }) },
  ).imageId;
  const missingCapabilities = engineMissingCapabilities();
  return (settings) =>
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
    );
}
