import type * as pulumi from "@pulumi/pulumi";

/** How a container that is a host mounts the share at birth. */
export interface ShareMount {
  /** Name of a volume of this machine's engine. */
  readonly volume: pulumi.Output<string>;
  /** Path in the host. */
  readonly target: string;
}

/** A folder that every host sees at the same path. */
export interface Share {
  /** Path on every host. */
  readonly path: string;
  /** For hosts that are containers; undefined when machines mount it by remote command. */
  readonly mount?: ShareMount;
  /** Wait for these before the path is used. */
  readonly ready: readonly pulumi.Resource[];
}
