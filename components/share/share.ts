import type * as pulumi from "@pulumi/pulumi";

/** How a host that is a container mounts the share when it is created. */
export interface ShareMount {
  /** Name of a volume on this machine's Docker engine. */
  readonly volume: pulumi.Output<string>;
  /** Path in the host. */
  readonly target: string;
}

/** How a machine mounts the share after it has booted. Plain text: the hosts' room runs it. */
export interface RemoteMount {
  /** Idempotent bash; it mounts now and after each boot. Run again when `stdin` changed. */
  readonly script: string;
  /** Its standard input; no secret. */
  readonly stdin: pulumi.Output<string>;
  /** Wait for these before it is run. */
  readonly after: readonly pulumi.Resource[];
}

/** A folder that every host sees at the same path. */
export interface Share {
  /** Path on every host. */
  readonly path: string;
  /** For hosts that are containers; undefined when machines mount it by remote command. */
  readonly mount?: ShareMount;
  /** For machines; undefined when hosts mount it when they are created. */
  readonly remote?: RemoteMount;
  /** Wait for these before the path is used. */
  readonly ready: readonly pulumi.Resource[];
}
