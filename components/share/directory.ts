import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { localName, stackLabels } from "../local-engine/labels";
import type { Share, ShareMount } from "./share";

/** Arguments of a DirectoryShare. */
export interface DirectoryShareArgs {
  readonly environment: Environment;
}

/**
 * A folder that all hosts on this machine see: a volume of this machine's engine. With
 * `share.data: keep` the volume outlives the stack, and the next `up` finds it again.
 *
 * @example
 * const share = new DirectoryShare("share", { environment });
 */
export class DirectoryShare extends pulumi.ComponentResource implements Share {
  public readonly path: string;
  public readonly mount: ShareMount;
  public readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DirectoryShareArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment } = args;
    super("swarm:share:Directory", name, { path: environment.share.path }, opts);
    const volume = new docker.Volume(
      `${name}-volume`,
      {
        name: localName(environment.name, "share"),
        driver: "local",
        labels: stackLabels("share"),
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        retainOnDelete: environment.share.data === "keep",
      },
    );
    this.path = environment.share.path;
    this.mount = { volume: volume.name, target: this.path };
    this.ready = [volume];
    this.registerOutputs({ path: this.path });
  }
}
