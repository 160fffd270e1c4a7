import type * as pulumi from "@pulumi/pulumi";
import type { HostSettings } from "../config/environment/environment";

/** How to reach a host over SSH. */
export interface SshEndpoint {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly user: string;
  /** The pinned host key as in authorized_keys: `ssh-ed25519 AAAA…`. */
  readonly hostKey: pulumi.Output<string>;
  /** Private key in OpenSSH or PEM form, a secret. */
  readonly privateKey: pulumi.Output<string>;
}

/**
 * A machine that a command can be run on. Nothing to the right of this room can tell
 * which kind it is.
 */
export interface Host {
  readonly settings: HostSettings;
  /** Its name, its hostname and its node name: all the same. */
  readonly name: string;
  /** Address that other hosts reach it by. */
  readonly privateAddress: pulumi.Output<string>;
  readonly ssh: SshEndpoint;
  /** Where what it publishes is reached from here. @default by the entry on 127.0.0.1 */
  readonly address?: pulumi.Output<string>;
  /** What makes it the same machine: as long as this lives, its engine's data does. */
  readonly machine: pulumi.Resource;
  /**
   * Another one when the machine was made anew, also after it went by itself and `machine` is made
   * and not replaced. @default the same for as long as `machine` is not replaced
   */
  readonly incarnation?: pulumi.Output<string>;
  /** Wait for these before a command is run: SSH and the engine answer, the share is there. */
  readonly ready: readonly pulumi.Resource[];
  /** Folder on it that lives as long as `machine`, and that its SSH user can reach. */
  readonly store: string;
  /**
   * Told by the swarm which node comes before it: managers of machines that are remade change one
   * after the other. @default it waits for no other
   */
  readonly follow?: (node: pulumi.Resource) => void;
  /** True when the machine goes away with the stack, so that nothing need be cleaned on it. */
  readonly ephemeral: boolean;
}
