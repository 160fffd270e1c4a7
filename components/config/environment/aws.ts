import type { Architecture } from "./instance-types";

/** A zone in which hosts are, with its one subnet. */
export interface AwsZone {
  /** For example `eu-west-1a`. */
  readonly zone: string;
  /** Either the network of a new VPC or the id of an existing one. */
  readonly subnet: { readonly cidr: string } | { readonly id: string };
  /** Address reserved for a share. @default none in an existing VPC */
  readonly shareAddress?: string;
}

/** What an environment with machines on AWS has in common. */
export interface AwsSettings {
  readonly region: string;
  /** Networks that may reach hosts over SSH. Required. */
  readonly adminCidrs: readonly string[];
  /** Networks that may reach what platforms publish. @default [] */
  readonly publicCidrs: readonly string[];
  /** Which addresses of the hosts are used from here. @default "public" */
  readonly reach: "public" | "private";
  readonly vpc: { readonly kind: "new"; readonly cidr: string } | ExistingVpc;
  readonly zones: readonly AwsZone[];
  /** Tags of everything. @default {} */
  readonly tags: { readonly [key: string]: string };
  /** ARN of the policy that limits the machines' role. @default none */
  readonly permissionsBoundary?: string;
  /** Machines get another host key than that of their user data. @default false */
  readonly rotateHostKeys?: boolean;
  /** The operator's own key. @default created in the stack */
  readonly sshKey?: AwsKey;
}

/** An existing VPC. */
export interface ExistingVpc {
  readonly kind: "existing";
  readonly id: string;
}

/** The operator's own key. */
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

/** Family of a machine's operating system, or the id of your own image. */
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
  /** Additional tags. @default {} */
  readonly tags: { readonly [key: string]: string };
}
