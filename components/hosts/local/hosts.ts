import type * as pulumi from "@pulumi/pulumi";
import type { Environment, LocalHostSettings } from "../../config/environment/environment";
import { engineMissingCapabilities } from "../../local-engine/capabilities";
import { engineImage } from "../../local-engine/image";
import type { LocalNetwork } from "../../network/local/network";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import type { HostMaker } from "../host";
import { IMAGE_FOLDER, LocalHost } from "./host";

/** What hosts on this machine are created in. */
export interface LocalSurroundings {
  readonly network: LocalNetwork;
  readonly share: Share | undefined;
}

/** Prepares the hosts of an environment that are containers on this machine. */
export function localHosts(
  environment: Environment,
  { network, share }: LocalSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): (settings: LocalHostSettings) => HostMaker {
  const operator = new Key("operator", {}, opts);
  const image = engineImage(
    "node-image",
    { repository: "swarmyard/node", folder: IMAGE_FOLDER },
    { ...(opts?.parent === undefined ? {} : { parent: opts.parent }) },
  ).imageId;
  const missingCapabilities = engineMissingCapabilities();
  const shared = share === undefined ? {} : { share };
  return (settings) => ({
    settings,
    follows: false,
    make: () =>
      new LocalHost(
        settings.name,
        { environment, settings, network, ...shared, image, operator, missingCapabilities },
        opts,
      ),
  });
}
