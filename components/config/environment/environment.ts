import type { PlatformPlan } from "../../model/platform/plan";
import type { AwsHostSettings, AwsSettings } from "./aws";
import type { HostKind } from "./host-kind";
import type { RegistryLogins, RegistrySettings } from "./registries";

/** Role of a node in the swarm. */
export type Role = "manager" | "worker";

/** Machines alike, after defaults. */
export interface GroupSettings {
  readonly kind: HostKind;
  readonly role: Role;
  /** Names of its hosts, all known: explicit ones or `<prefix>-<env>-<group>-<n>`. */
  readonly hosts: readonly string[];
  /** Node labels, the shorthand `labels: [db]` already written out (`db=true`, `target=db`). */
  readonly labels: { readonly [key: string]: string };
  /** Generic resources that its engines announce, for example `{ "NVIDIA-GPU": 1 }`. */
  readonly resources: { readonly [kind: string]: number };
}

/** One host to make, after defaults. */
export interface HostSettings {
  readonly name: string;
  readonly group: string;
  readonly kind: HostKind;
  readonly role: Role;
  readonly labels: { readonly [key: string]: string };
  readonly resources: { readonly [kind: string]: number };
  /** Of kind aws only. */
  readonly aws?: AwsHostSettings;
}

/** Settings of machines that are containers on this machine. */
export interface LocalSettings {
  /** Network of the hosts. @default a /16 of 10.64.0.0/10 chosen by the stack's name */
  readonly subnet: string;
  /** First of 4,000 ports on 127.0.0.1 for SSH. @default 20000 */
  readonly sshPortBase: number;
  /** Added to a published port to make the port on 127.0.0.1. @default 0 for the stack `local`, else chosen by its name */
  readonly portOffset: number;
}

/** The folder that every host sees. */
export interface ShareSettings {
  /** @default "directory" for local hosts */
  readonly kind: "none" | "directory" | "nfs" | "efs";
  /** Path on every host. @default "/mnt/share" */
  readonly path: string;
  /** What `destroy` does to the data. @default "delete" */
  readonly data: "keep" | "delete";
  /** Kind efs only: a file system that is there already, such as one that was kept. @default a new one */
  readonly fileSystemId?: string;
}

/** How hosts become one swarm. */
export interface SwarmSettings {
  /** Host that inits. @default the first manager in the file */
  readonly firstManager: string;
  /** Pools for overlay networks that name no subnet. @default ["10.200.0.0/16"] */
  readonly addressPools: readonly string[];
  /** Pool that platforms' subnets are taken from. @default "10.201.0.0/16" */
  readonly platformPool: string;
  /** Endpoint mode of services that name none. @default "vip" */
  readonly discovery: "vip" | "dnsrr";
  /** Publish mode of ports that name none. @default "ingress" */
  readonly publish: "ingress" | "host";
  /** How long a node may take to hand over its tasks before it leaves. @default "1m" */
  readonly drainTimeout: string;
}

/** A platform of an environment, with nothing left open. */
export interface PlatformSettings {
  /** Key in the environment file; prefix of all its names on the swarm. */
  readonly name: string;
  /** Where it was found: a folder in platforms/. */
  readonly from: string;
  readonly plan: PlatformPlan;
}

/** Everything an environment file says, with defaults filled in. Plain data. */
export interface Environment {
  /** Name of the Pulumi stack. */
  readonly name: string;
  readonly prefix: string;
  readonly groups: { readonly [group: string]: GroupSettings };
  /** All hosts in the file's order. */
  readonly hosts: readonly HostSettings[];
  readonly local: LocalSettings;
  /** What hosts on AWS have in common; undefined when there are none. */
  readonly aws?: AwsSettings;
  readonly share: ShareSettings;
  readonly registry: RegistrySettings;
  /** Logins at registries, by host. @default {} */
  readonly registries: RegistryLogins;
  readonly swarm: SwarmSettings;
  /** After this time without an `up` a scheduled run destroys it, such as `12h` or `3d`. @default never */
  readonly timeToLive?: string;
  readonly platforms: readonly PlatformSettings[];
}
