import * as pulumi from "@pulumi/pulumi";
import type { Given } from "../model/fields/field";
import type { clusterFields, rotationFields, ticketFields } from "../model/kinds/cluster";
import type { configFields, secretFields } from "../model/kinds/content";
import type { creationsFields } from "../model/kinds/creations";
import type { nodeFields } from "../model/kinds/membership";
import type { networkFields } from "../model/kinds/network";
import type { rolloutFields } from "../model/kinds/rollout";
import type { volumeFields } from "../model/kinds/volume";
import type { ServiceInputs } from "../model/service/inputs";
import type { JobRun } from "../model/service/mode";
import type { Args } from "./args";

export { SwarmProvider, type SwarmProviderArgs } from "./swarm-provider";

/** Arguments of a {@link Key}: none. */
export type KeyArgs = { readonly [key: string]: never };

/** An ed25519 SSH key pair and a random salt, created once. Needs no swarm. */
export class Key extends pulumi.CustomResource {
  /** As in authorized_keys: `ssh-ed25519 AAAA…`. */
  declare readonly publicKey: pulumi.Output<string>;
  /** In OpenSSH's format; a secret. */
  declare readonly privateKey: pulumi.Output<string>;
  /** 64 hex digits; a secret. */
  declare readonly salt: pulumi.Output<string>;

  constructor(name: string, args: KeyArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const outputs = { publicKey: undefined, privateKey: undefined, salt: undefined };
    const additionalSecretOutputs = ["privateKey", "salt"];
    super("swarm:index:Key", name, { ...args, ...outputs }, { ...opts, additionalSecretOutputs });
  }
}

/** Arguments of a {@link Cluster}. */
export type ClusterArgs = Args<Given<typeof clusterFields>>;

/** The identity of the swarm; its id is the swarm's. */
export class Cluster extends pulumi.CustomResource {
  declare readonly clusterId: pulumi.Output<string>;
  declare readonly createdAt: pulumi.Output<string>;
  /** Token to join as a manager; a secret. */
  declare readonly managerToken: pulumi.Output<string>;
  /** Token to join as a worker; a secret. */
  declare readonly workerToken: pulumi.Output<string>;
  /** Unlocks a manager whose Docker engine restarted; a secret, and undefined without autolock. */
  declare readonly unlockKey: pulumi.Output<string | undefined>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.CustomResourceOptions) {
    const identity = { clusterId: undefined, createdAt: undefined };
    const keys = { managerToken: undefined, workerToken: undefined, unlockKey: undefined };
    super("swarm:index:Cluster", name, { ...args, ...identity, ...keys }, opts);
  }
}

/** Arguments of a {@link Ticket}. */
export type TicketArgs = Args<Given<typeof ticketFields>>;

/** What one host needs to join the swarm, read from a manager when the host joins. */
export class Ticket extends pulumi.CustomResource {
  /** A secret. */
  declare readonly joinToken: pulumi.Output<string>;
  /** Where managers answer: `<address>:<port>` of each, with spaces between. */
  declare readonly managers: pulumi.Output<string>;

  constructor(name: string, args: TicketArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { joinToken: undefined, managers: undefined };
    super("swarm:index:Ticket", name, { ...args, ...outputs }, opts);
  }
}

/** Arguments of a {@link TokenRotation}. */
export type TokenRotationArgs = Args<Given<typeof rotationFields>>;

/** Gives the swarm new join tokens after each run in which a node joined. */
export class TokenRotation extends pulumi.CustomResource {
  constructor(name: string, args: TokenRotationArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:TokenRotation", name, { ...args }, opts);
  }
}

/** Arguments of a {@link Node}. */
export type NodeArgs = Args<Given<typeof nodeFields>>;

/** A host in the swarm: its role, labels and availability. Deleting it drains and removes the node. */
export class Node extends pulumi.CustomResource {
  declare readonly node: pulumi.Output<string>;
  declare readonly role: pulumi.Output<"manager" | "worker">;
  declare readonly labels: pulumi.Output<{ readonly [key: string]: string }>;
  declare readonly availability: pulumi.Output<"active" | "pause" | "drain" | "keep">;
  declare readonly nodeId: pulumi.Output<string>;

  constructor(name: string, args: NodeArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Node", name, { ...args, nodeId: undefined }, opts);
  }
}

/** Arguments of a {@link Network}. Every change replaces the network. */
export type NetworkArgs = Args<Given<typeof networkFields>>;

/** A network of the swarm. */
export class Network extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly subnet: pulumi.Output<string>;
  declare readonly gateway: pulumi.Output<string>;
  declare readonly networkId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { networkId: undefined };
    const chosen = { subnet: undefined, gateway: undefined };
    super("swarm:index:Network", name, { ...chosen, ...args, ...outputs }, opts);
  }
}

/** Arguments of a {@link Volume}. */
export type VolumeArgs = Args<Given<typeof volumeFields>>;

/** A volume on the Docker engine of one host. */
export class Volume extends pulumi.CustomResource {
  declare readonly node: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly mountpoint: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Volume", name, { ...args, mountpoint: undefined }, opts);
  }
}

/** Arguments of a {@link Secret}: `data`, or `random` for data that is generated once. */
export type SecretArgs = Args<Given<typeof secretFields>>;

/** A secret of the swarm. New content gets a new name. */
export class Secret extends pulumi.CustomResource {
  /** The full name on the swarm. */
  declare readonly name: pulumi.Output<string>;
  declare readonly data: pulumi.Output<string>;
  /** The random value before the last rotation; a secret. Before the first, it is there with `keepPrevious` only. */
  declare readonly previous: pulumi.Output<string>;
  declare readonly secretId: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.CustomResourceOptions) {
    const data = args.data === undefined ? undefined : pulumi.secret(args.data);
    const additionalSecretOutputs = ["data", "previous"];
    super(
      "swarm:index:Secret",
      name,
      { ...args, data, previous: undefined, name: undefined, secretId: undefined },
      { ...opts, additionalSecretOutputs },
    );
  }
}

/** Arguments of a {@link Config}. */
export type ConfigArgs = Args<Given<typeof configFields>>;

/** A config of the swarm. New content gets a new name. */
export class Config extends pulumi.CustomResource {
  /** The full name on the swarm. */
  declare readonly name: pulumi.Output<string>;
  declare readonly data: pulumi.Output<string>;
  declare readonly configId: pulumi.Output<string>;

  constructor(name: string, args: ConfigArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Config", name, { ...args, name: undefined, configId: undefined }, opts);
  }
}

/** Arguments of a {@link Service}. */
export type ServiceArgs = Args<ServiceInputs>;

/** A service of the swarm. */
export class Service extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** Changes with each change of what its tasks run. */
  declare readonly revision: pulumi.Output<string>;
  /** The image with the digest that its tasks run. */
  declare readonly resolvedImage: pulumi.Output<string>;
  /** Of a job, its last runs: number, time and result, the newest first. */
  declare readonly runs: pulumi.Output<readonly JobRun[] | undefined>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { revision: undefined, resolvedImage: undefined, runs: undefined };
    super("swarm:index:Service", name, { ...args, ...outputs }, opts);
  }
}

/** Arguments of a {@link Rollout}. */
export type RolloutArgs = Args<Given<typeof rolloutFields>>;

/** Waits until all tasks of some services run, and says why when they do not. */
export class Rollout extends pulumi.CustomResource {
  constructor(name: string, args: RolloutArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Rollout", name, { ...args }, opts);
  }
}

/** Arguments of {@link Creations}. */
export type CreationsArgs = Args<Given<typeof creationsFields>>;

/** Services that programs of a platform create while they run; deleting it removes them. */
export class Creations extends pulumi.CustomResource {
  constructor(name: string, args: CreationsArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Creations", name, { ...args }, opts);
  }
}
