import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { localInfrastructure } from "../../config/environment/addresses";
import type { Environment } from "../../config/environment/environment";
import { localName, stackLabels } from "../../local-engine/labels";

/** Arguments of a LocalNetwork. */
export interface LocalNetworkArgs {
  readonly environment: Environment;
}

/**
 * The network that hosts on this machine are attached to: a bridge of this machine's engine.
 *
 * @example
 * const network = new LocalNetwork("network", { environment });
 */
export class LocalNetwork extends pulumi.ComponentResource {
  /** Name on the engine, known once the network exists. */
  public readonly networkName: pulumi.Output<string>;
  /** CIDR. */
  public readonly subnet: string;
  /** The network itself; whatever is attached to it is replaced with it. */
  public readonly network: docker.Network;

  constructor(name: string, args: LocalNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment } = args;
    super("swarm:network:Local", name, { subnet: environment.local.subnet }, opts);
    this.subnet = environment.local.subnet;
    this.network = new docker.Network(
      `${name}-bridge`,
      {
        name: localName(environment.name),
        driver: "bridge",
        // A gateway that is left out comes back filled in and replaces the network.
        ipamConfigs: [{ subnet: this.subnet, gateway: localInfrastructure(environment).gateway }],
        labels: stackLabels("network"),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = this.network.name;
    this.registerOutputs({ networkName: this.networkName, subnet: this.subnet });
  }
}
