import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { localInfrastructure } from "../../config/environment/addresses";
import type { Environment, LocalSettings } from "../../config/environment/environment";
import { localName, ownerLabels } from "../../local-engine/labels";

/** Arguments of a LocalNetwork. */
export interface LocalNetworkArgs {
  readonly environment: Pick<Environment, "name">;
  readonly settings: LocalSettings;
}

/**
 * The network that hosts on this machine are attached to: a bridge of this machine's Docker engine.
 *
 * @example
 * const network = new LocalNetwork("network", { environment, settings: environment.local });
 */
export class LocalNetwork extends pulumi.ComponentResource {
  /** Name on the Docker engine, known once the network exists. */
  public readonly networkName: pulumi.Output<string>;
  public readonly settings: LocalSettings;
  /** The network itself; everything attached to it is replaced with it. */
  public readonly network: docker.Network;

  constructor(name: string, args: LocalNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, settings } = args;
    const { subnet } = settings;
    super("swarm:network:Local", name, { subnet }, opts);
    this.settings = settings;
    this.network = new docker.Network(
      `${name}-bridge`,
      {
        name: localName(environment.name),
        driver: "bridge",
        // An omitted gateway comes back filled in and replaces the network.
        ipamConfigs: [{ subnet, gateway: localInfrastructure(settings).gateway }],
        labels: ownerLabels("network"),
      },
      { parent: this, deleteBeforeReplace: true, ignoreChanges: ["labels"] },
    );
    this.networkName = this.network.name;
    this.registerOutputs({ networkName: this.networkName, subnet });
  }
}
