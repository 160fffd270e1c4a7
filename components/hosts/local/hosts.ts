import type * as pulumi from "@pulumi/pulumi";
import type { Environment, LocalHostSettings } from "../../config/environment/environment";
import { engineMissingCapabilities } from "../../local-engine/capabilities";
import { engineImage } from "../../local-engine/image";
import type { LocalEngine } from "../../model/local-engines";
import type { LocalNetwork } from "../../network/local/network";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import type { HostMaker } from "../host";
import { LocalHost } from "./host";
import { nodeImage, nodeImageResource } from "./node-image";

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
  const images = imagesOf(environment, opts);
  const missingCapabilities = engineMissingCapabilities();
  const shared = share === undefined ? {} : { share };
  return (settings) => ({
    settings,
    follows: false,
    make: () =>
      new LocalHost(
        settings.name,
        {
          ...{ environment, settings, network, ...shared, operator, missingCapabilities },
          image: images(settings.engine),
        },
        opts,
      ),
  });
}

/** One image for each generation of Docker that hosts of the environment have. */
function imagesOf(
  { hosts }: Environment,
  opts: pulumi.ComponentResourceOptions | undefined,
): (engine: LocalEngine) => pulumi.Output<string> {
  const parent = opts?.parent === undefined ? {} : { parent: opts.parent };
  const engines = hosts.flatMap((host) => (host.kind === "local" ? [host.engine] : []));
  const images = new Map(
    [...new Set(engines)].map((engine) => [
      engine,
      engineImage(nodeImageResource(engine), nodeImage(engine), parent).imageId,
    ]),
  );
  return (engine) => {
    const image = images.get(engine);
    if (image === undefined) throw new Error(`there is no image of hosts with ${engine}`);
    return image;
  };
}
