import type { Architecture } from "./instance-types";

/** A zone in which hosts are, with its one subnet. */
export interface AwsZone {
  /** For example `eu-west-1a`. */
  readonly zone: string;
  /** Of a new VPC its network is known, of an existing one its id. */
  readonly subnet: { readonly cidr: string } | { readonly id: string };
  /** Address that is kept free for a share. @default none in an existing VPC */
  readonly shareAddress?: string;
}

/** What an environment with machines on AWS has in common. */
export interface AwsSettings {
  readonly region: string;
  /** Networks that may reach hosts over SSH; there is no default. */
  readonly adminCidrs: readonly string[];
  /** Networks that may reach what platforms publish. @default [] */
  readonly publicCidrs: readonly string[];
  /** By which addresses hosts are reached from here. @default "public" */
  readonly reach: "public" | "private";
  readonly vpc: { readonly kind: "new"; readonly cidr: string } | ExistingVpc;
  readonly zones: readonly AwsZone[];
  /** Tags of everything. @default {} */
  readonly tags: { readonly [key: string]: string };
  /** The operator's own key. @default one is made in the stack */
  readonly sshKey?: AwsKey;
}

/** A VPC that is there already. */
export interface ExistingVpc {
  readonly kind: "existing";
  readonly id: string;
}

/** A key that the operator brings along. */
export interface AwsKey {
  /** As in authorized_keys. */
  readonly public: string;
  /** Name of the secret of the stack's configuration that is the private key. */
  readonly secret: string;
}

/** Disk of a host; always encrypted. */
export interface AwsDisk {
  /** @default "gp3" */
  readonly type: "gp3" | "gp2" | "io1" | "io2";
  /** GiB. @default 30 */
  readonly size: number;
  /** @default what the type comes with */
  readonly iops?: number;
  /** MiB/s. @default what the type comes with */
  readonly throughput?: number;
}

/** Family of a machine's system, or the id of an image of one's own. */
export type AwsImage = "ubuntu" | "al2023" | `ami-${string}`;

/** A host on AWS. */
export interface AwsHostSettings {
  readonly instanceType: string;
  readonly architecture: Architecture;
  /** NVIDIA GPUs of the type. */
  readonly gpus: number;
  readonly disk: AwsDisk;
  /** @default false */
  readonly spot: boolean;
  readonly zone: string;
  /** Fixed address. @default chosen by its name in a new VPC, by AWS in an existing one */
  readonly privateAddress?: string;
  /** @default "ubuntu" */
  readonly image: AwsImage;
  /** Tags of its own. @default {} */
  readonly tags: { readonly [key: string]: string };
}
