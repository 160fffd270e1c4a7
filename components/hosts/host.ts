import type * as pulumi from "@pulumi/pulumi";
import type {
  HostSettings,
  SshHostSettings,
  SwarmSettings,
} from "../config/environment/environment";
import type { Connection } from "../engine/login";
import type { MachineFacts } from "../engine/machine/facts";

/** How to reach a host over SSH with one key. */
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
 * How our own provider reaches a host: with any key, through jump hosts, and with the password that
 * sudo asks for.
 */
export interface SshWay {
  /** A secret; its host key is pinned. */
  readonly connection: pulumi.Output<PinnedConnection>;
}

/** A connection to a machine whose host key is known. */
export type PinnedConnection = Connection & { readonly hostKey: string };

/**
 * A machine that the program creates on its own, as a host of a group of kind ssh.
 *
 * @example
 * const server = new hcloud.Server(name, { serverType: "cx22", image: "debian-12", sshKeys });
 * const own: OwnMachine = { resource: server, address: server.ipv4Address, privateKey };
 */
export interface OwnMachine {
  /** The host lives as long as this. */
  readonly resource: pulumi.Resource;
  /** Where its sshd is reached, in place of what the environment file says. */
  readonly address: pulumi.Input<string>;
  /** In OpenSSH or PEM form. @default the key of the environment file */
  readonly privateKey?: pulumi.Input<string>;
  /** As in authorized_keys. @default that of the environment file, else trusted at the first connection */
  readonly hostKey?: pulumi.Input<string>;
}

/** Says which machine a host of kind ssh is; undefined for one that exists. */
export type OwnMachines = (settings: SshHostSettings) => OwnMachine | undefined;

/** How long a machine and the data of its Docker engine live. */
export type Lifetime =
  | {
      /** It is created and removed with the stack, so nothing needs to be cleaned up on it. */
      readonly kind: "stack";
      /** As long as this lives, the data of the Docker engine does. */
      readonly resource: pulumi.Resource;
      /**
       * Changes whenever the machine is recreated, including after it disappeared on its own.
       * @default the same for as long as `resource` is not replaced
       */
      readonly incarnation?: pulumi.Output<string>;
    }
  | {
      /** It exists before and after the stack, and is left as it was found. */
      readonly kind: "outlives";
      /** What distinguishes this machine from another one at the same address, such as its machine id. */
      readonly identity: pulumi.Output<string>;
      /** It was in the swarm before the environment, and its place in it is kept. @default false */
      readonly member?: boolean;
    };

/** Whether a machine was in the swarm before the environment. */
export function wasMember({ lifetime }: Pick<Machine, "lifetime">): boolean {
  return lifetime.kind === "outlives" && lifetime.member === true;
}

/** Whether a machine is still in the swarm when the environment is gone. */
export function staysInSwarm(
  machine: Pick<Machine, "lifetime">,
  { dissolve = false }: Pick<SwarmSettings, "dissolve">,
): boolean {
  return wasMember(machine) && !dissolve;
}

/** A machine on which commands can run. */
export interface Machine {
  readonly ssh: SshEndpoint | SshWay;
  readonly lifetime: Lifetime;
  /** Wait for these before a command runs: SSH and the Docker engine answer, the share is mounted. */
  readonly ready: readonly pulumi.Resource[];
}

/** A machine that can become a node. No other room can tell which kind it is. */
export interface Host extends Machine {
  readonly settings: HostSettings;
  /** Its name, which is also its hostname and node name. */
  readonly name: string;
  /** What it said about itself at the first connection. @default not known, or the kind of host says it */
  readonly facts?: MachineFacts;
  /** Address at which other hosts reach it. */
  readonly privateAddress: pulumi.Output<string>;
  /** Where a port that it publishes is reached from here: `<host>:<port>`. */
  publishedAt(port: number): pulumi.Output<string>;
  /** Folder on it that lives at least as long as its node, and that copies can reach. */
  readonly store: string;
}

/** A host that is about to be created. */
export interface HostMaker {
  readonly settings: HostSettings;
  /**
   * True for a machine that is made or changed only after the manager before it is up again. The
   * swarm makes it last, so nothing that the manager before it needs may wait for it.
   */
  readonly follows: boolean;
  /**
   * Creates the host. Call it once.
   *
   * @param after node of the manager before it. @default it waits for none
   */
  make(after?: pulumi.Resource): Host;
}
