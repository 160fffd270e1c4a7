import * as pulumi from "@pulumi/pulumi";
import type { ServiceInputs } from "../model/service/inputs";

export { SwarmProvider, type SwarmProviderArgs } from "./swarm-provider";

/** `T` with an Output allowed at every place. */
export type Deep<T> = T extends readonly (infer Item)[]
  ? pulumi.Input<readonly Deep<Item>[]>
  : T extends object
    ? pulumi.Input<{ readonly [Key in keyof T]: Deep<T[Key]> }>
    : pulumi.Input<T>;

/** Fields of `T`, each with Outputs allowed inside. */
export type Args<T> = { readonly [Key in keyof T]: Deep<T[Key]> };

type LabelInputs = pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;

/** Arguments of a {@link Key}. */
export interface KeyArgs {
  /** Comment in the private key. @default none */
  readonly comment?: pulumi.Input<string>;
}

/** An ed25519 SSH key pair and a random salt, made once. Needs no swarm. */
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
export interface ClusterArgs {
  /** Host that inits the swarm. */
  readonly firstManager: pulumi.Input<string>;
}

/** The identity of the swarm; its id is the swarm's. */
export class Cluster extends pulumi.CustomResource {
  declare readonly clusterId: pulumi.Output<string>;
  declare readonly createdAt: pulumi.Output<string>;
  /** Token to join as a manager; a secret. */
  declare readonly managerToken: pulumi.Output<string>;
  /** Token to join as a worker; a secret. */
  declare readonly workerToken: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.CustomResourceOptions) {
    const identity = { clusterId: undefined, createdAt: undefined };
    const tokens = { managerToken: undefined, workerToken: undefined };
    super("swarm:index:Cluster", name, { ...args, ...identity, ...tokens }, opts);
  }
}

/** Arguments of a {@link Node}. */
export interface NodeArgs {
  /** Hostname of the host, which has joined. */
  readonly node: pulumi.Input<string>;
  readonly role: pulumi.Input<"manager" | "worker">;
  /** All labels of the node; others are removed. @default {} */
  readonly labels?: LabelInputs;
  /** @default "active" */
  readonly availability?: pulumi.Input<"active" | "pause" | "drain">;
  /** How long its tasks may take to end when it leaves. @default "1m" */
  readonly drainTimeout?: pulumi.Input<string>;
  /** False leaves the node in the swarm when the resource is deleted. @default true */
  readonly leave?: pulumi.Input<boolean>;
}

/** A host in the swarm: its role, labels and availability. Deleting it drains and removes the node. */
export class Node extends pulumi.CustomResource {
  declare readonly node: pulumi.Output<string>;
  declare readonly role: pulumi.Output<"manager" | "worker">;
  declare readonly labels: pulumi.Output<{ readonly [key: string]: string }>;
  declare readonly availability: pulumi.Output<"active" | "pause" | "drain">;
  declare readonly nodeId: pulumi.Output<string>;
  declare readonly address: pulumi.Output<string>;
  declare readonly engineVersion: pulumi.Output<string>;

  constructor(name: string, args: NodeArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { nodeId: undefined, address: undefined, engineVersion: undefined };
    super("swarm:index:Node", name, { ...args, ...outputs }, opts);
  }
}

/** Arguments of a {@link Network}. Every change replaces the network. */
export interface NetworkArgs {
  readonly name: pulumi.Input<string>;
  /** @default "overlay" */
  readonly driver?: pulumi.Input<string>;
  /** Such as `10.201.1.0/24`. @default chosen by swarm from its address pools */
  readonly subnet?: pulumi.Input<string>;
  /** @default the first address of the subnet */
  readonly gateway?: pulumi.Input<string>;
  /** Lets containers outside of services join. @default false */
  readonly attachable?: pulumi.Input<boolean>;
  /** No way out of the network. @default false */
  readonly internal?: pulumi.Input<boolean>;
  /** Encrypts what goes between nodes. @default false */
  readonly encrypted?: pulumi.Input<boolean>;
  /** Options of the driver. @default {} */
  readonly options?: LabelInputs;
  /** @default {} */
  readonly labels?: LabelInputs;
}

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
export interface VolumeArgs {
  /** Host whose engine gets the volume. */
  readonly node: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
  /** @default "local" */
  readonly driver?: pulumi.Input<string>;
  /** @default {} */
  readonly driverOptions?: LabelInputs;
  /** @default {} */
  readonly labels?: LabelInputs;
  /** What happens to the volume (and its data) when the resource is deleted. */
  readonly onDelete: pulumi.Input<"keep" | "remove">;
}

/** A volume on the engine of one host. */
export class Volume extends pulumi.CustomResource {
  declare readonly node: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly mountpoint: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Volume", name, { ...args, mountpoint: undefined }, opts);
  }
}

/** Arguments of a {@link Secret}: `data`, or `random` for data that is made once. */
export interface SecretArgs {
  /** Beginning of the name; a hash of the data is added. */
  readonly base: pulumi.Input<string>;
  readonly data?: pulumi.Input<string>;
  /** Number of random letters and digits. */
  readonly random?: pulumi.Input<number>;
  /** @default {} */
  readonly labels?: LabelInputs;
}

/** A secret of the swarm, under a new name with each content. */
export class Secret extends pulumi.CustomResource {
  /** The full name on the swarm. */
  declare readonly name: pulumi.Output<string>;
  declare readonly data: pulumi.Output<string>;
  declare readonly secretId: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.CustomResourceOptions) {
    const data = args.data === undefined ? undefined : pulumi.secret(args.data);
    const additionalSecretOutputs = ["data"];
    super(
      "swarm:index:Secret",
      name,
      { ...args, data, name: undefined, secretId: undefined },
      { ...opts, additionalSecretOutputs },
    );
  }
}

/** Arguments of a {@link Config}. */
export interface ConfigArgs {
  /** Beginning of the name; a hash of the data is added. */
  readonly base: pulumi.Input<string>;
  readonly data: pulumi.Input<string>;
  /** Fills templates in the data for each task. @default none */
  readonly templateDriver?: pulumi.Input<"golang">;
  /** @default {} */
  readonly labels?: LabelInputs;
}

/** A config of the swarm, under a new name with each content. */
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

  constructor(name: string, args: ServiceArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { revision: undefined, resolvedImage: undefined };
    super("swarm:index:Service", name, { ...args, ...outputs }, opts);
  }
}

/** Arguments of a {@link Rollout}. */
export interface RolloutArgs {
  /** Services to wait for, by a key of the caller's. */
  readonly services: {
    readonly [key: string]: {
      readonly name: pulumi.Input<string>;
      readonly revision: pulumi.Input<string>;
    };
  };
  /** How long all of them may take. @default "5m" */
  readonly timeout?: pulumi.Input<string>;
  /** How long tasks must stay up to count as running. */
  readonly steady?: pulumi.Input<string>;
}

/** Waits until all tasks of some services run, and says why when they do not. */
export class Rollout extends pulumi.CustomResource {
  constructor(name: string, args: RolloutArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Rollout", name, { ...args }, opts);
  }
}
