import type { LocalEngine } from "../../model/local-engines";
import type { PlatformPlan } from "../../model/platform/plan";
import type { AwsHostSettings, AwsSettings } from "./aws";
import type { HostKind } from "./host-kind";
import type { RegistryLogins, RegistrySettings } from "./registries";
import type { SshMachineSettings } from "./ssh";
import type { NodeAddresses, OwnSwarmSettings } from "./swarm";

/** Role of a node in the swarm. */
export type Role = "manager" | "worker";

/** Identical machines, with defaults applied. */
export interface GroupSettings {
  readonly kind: HostKind;
  readonly role: Role;
  /** Names of its hosts, all known: explicit ones, those of its machines, or `<prefix>-<env>-<group>-<n>`. */
  readonly hosts: readonly string[];
  /** Node labels, the shorthand `labels: [db]` already written out (`db=true`, `target=db`). */
  readonly labels: { readonly [key: string]: string };
  /** Generic resources that its Docker engines announce, for example `{ "NVIDIA-GPU": 1 }`. */
  readonly resources: { readonly [kind: string]: number };
  /** Settings of its Docker engines over ours. @default none */
  readonly daemon?: EngineSettings;
}

/** Settings of a Docker engine, as its `daemon.json` has them. */
export type EngineSettings = { readonly [setting: string]: unknown };

/** What every host to create has, with defaults applied. */
interface AnyHostSettings {
  readonly name: string;
  readonly group: string;
  readonly role: Role;
  readonly labels: { readonly [key: string]: string };
  readonly resources: { readonly [kind: string]: number };
  /** Where other nodes reach it. @default Docker's choice */
  readonly addresses?: NodeAddresses;
  readonly daemon?: EngineSettings;
}

/** Where a local host is reached. */
export interface LocalPlace {
  /** Address in the local subnet. It depends on the host's name alone, unless two clash. */
  readonly privateAddress: string;
  /** Port on 127.0.0.1. It depends on the host's name alone, unless two clash. */
  readonly sshPort: number;
}

/** A host that is a container on this machine. */
export interface LocalHostSettings extends AnyHostSettings, LocalPlace {
  readonly kind: "local";
  /** Its Docker engine. @default that of the local hosts */
  readonly engine: LocalEngine;
}

/** A host that is a machine on AWS. */
export interface AwsMachineSettings extends AnyHostSettings {
  readonly kind: "aws";
  readonly aws: AwsHostSettings;
}

/** A host that is an existing machine, reached over SSH. */
export interface SshHostSettings extends AnyHostSettings {
  readonly kind: "ssh";
  readonly ssh: SshMachineSettings;
}

/** One host to create, with defaults applied. */
export type HostSettings = LocalHostSettings | AwsMachineSettings | SshHostSettings;

/** What hosts on this machine have in common. */
export interface LocalSettings {
  /** Network of the hosts. @default a free /16 of 10.64.0.0/10, kept from the first run on */
  readonly subnet: string;
  /** First of 4,000 ports on 127.0.0.1 for SSH. @default 20000 */
  readonly sshPortBase: number;
  /** Added to a published port to make the port on 127.0.0.1. @default 0 for the stack `local`, else a free one, kept from the first run on */
  readonly portOffset: number;
  /** Docker engine of groups that state none, and base of our own images. @default "debian-13", else what the first run had */
  readonly engine: LocalEngine;
}

interface AnyShare {
  /** Path on every host. @default "/mnt/share" */
  readonly path: string;
  /** What `destroy` does with the data. @default "delete" */
  readonly data: "keep" | "delete";
}

/** A file system of EFS. */
export interface EfsShareSettings extends AnyShare {
  readonly kind: "efs";
  /** An existing file system, such as one that was kept. @default a new one */
  readonly fileSystemId?: string;
  /** Only the machines' role may mount it. @default false */
  readonly iam?: boolean;
}

/** A folder of this machine. */
export interface PlainShareSettings extends AnyShare {
  readonly kind: "directory";
}

/** A folder of an NFS server. */
export interface NfsShareSettings extends AnyShare {
  readonly kind: "nfs";
  /** Its address or name, or the name of the host that serves the folder. */
  readonly server: string;
  /** One of the hosts is the server. */
  readonly served: boolean;
  /** The folder that it exports. @default `path`, of a host */
  readonly exported: string;
  /** @default "hard" */
  readonly options: string;
}

/** A folder that all hosts see already. */
export interface ExistingShareSettings extends AnyShare {
  readonly kind: "existing";
}

/** The folder that every host sees. @default a directory for local hosts, efs when all are on AWS, none with existing machines */
export type ShareSettings =
  | { readonly kind: "none" }
  | PlainShareSettings
  | NfsShareSettings
  | ExistingShareSettings
  | EfsShareSettings;

/** How hosts become one swarm. */
export interface SwarmSettings extends OwnSwarmSettings {
  /** The host that runs init. @default the first manager in the file */
  readonly firstManager: string;
  /** Pools for overlay networks that name no subnet. @default ["10.200.0.0/16"] */
  readonly addressPools: readonly string[];
  /** Pool that platforms' subnets are taken from. @default "10.201.0.0/16" */
  readonly platformPool: string;
  /** Endpoint mode of services that name none. @default "vip" */
  readonly discovery: "vip" | "dnsrr";
  /** Publish mode of ports that name none. @default "ingress" */
  readonly publish: "ingress" | "host";
  /** Hostname of tasks whose service states none. @default "container" */
  readonly hostname: "container" | "task";
  /** How long a leaving node may take to drain. @default "1m" */
  readonly drainTimeout: string;
  /** Age from which images that nothing uses are removed from nodes. @default they stay */
  readonly pruneImages?: string;
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
  /** What hosts on this machine have in common; undefined when there are none. */
  readonly local?: LocalSettings;
  /** What hosts on AWS have in common; undefined when there are none. */
  readonly aws?: AwsSettings;
  readonly share: ShareSettings;
  readonly registry: RegistrySettings;
  /** Logins at registries, by host. @default {} */
  readonly registries: RegistryLogins;
  readonly swarm: SwarmSettings;
  /** A scheduled run destroys it this long after its last `up`, such as `12h` or `3d`. @default never */
  readonly timeToLive?: string;
  /** Pulumi and AWS refuse to destroy machines, share and swarm. @default false */
  readonly protected?: boolean;
  readonly platforms: readonly PlatformSettings[];
}
