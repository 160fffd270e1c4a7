import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Environment, PlainShareSettings } from "../config/environment/environment";
import { localName, ownerLabels } from "../local-engine/labels";
import type { Share, ShareMount } from "./share";

/** Arguments of a DirectoryShare. */
export interface DirectoryShareArgs {
  readonly environment: Pick<Environment, "name" | "protected">;
  readonly settings: PlainShareSettings;
}

/**
 * A folder that all hosts on this machine see: a volume of this machine's Docker engine. With
 * `share.data: keep` the volume outlives the stack, and the next `up` reuses it.
 *
 * @example
 * const share = new DirectoryShare("share", { environment, settings: environment.share });
 */
export class DirectoryShare extends pulumi.ComponentResource implements Share {
  public readonly path: string;
  public readonly mount: ShareMount;
  public readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DirectoryShareArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, settings } = args;
    super("swarm:share:Directory", name, { path: settings.path }, opts);
    const volume = new docker.Volume(
      `${name}-volume`,
      {
        name: localName(environment.name, "share"),
        driver: "local",
        labels: ownerLabels("share"),
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        ignoreChanges: ["labels"],
        ...(environment.protected === true ? { protect: true } : {}),
        retainOnDelete: settings.data === "keep",
      },
    );
    this.path = settings.path;
    this.mount = { volume: volume.name, target: this.path };
    this.ready = [volume];
    this.registerOutputs({ path: this.path });
  }
}
