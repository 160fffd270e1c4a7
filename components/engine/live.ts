/** What Docker engines answer, as far as this program uses it. Services are in model/service/wire. */
import type { Labels } from "../model/ownership";
import type { Texts, WireTemplate } from "../model/service/wire";

/** What a node should be. */
export interface NodeSpec {
  readonly Role: "manager" | "worker";
  readonly Availability: "active" | "pause" | "drain";
  readonly Labels?: Labels | null;
}

/** A node of the swarm. */
export interface LiveNode {
  readonly ID: string;
  readonly CreatedAt: string;
  readonly Version: { readonly Index: number };
  readonly Spec: NodeSpec;
  readonly Description: {
    readonly Hostname: string;
    readonly Platform?: { readonly Architecture?: string; readonly OS?: string };
    readonly Engine?: { readonly EngineVersion?: string; readonly Labels?: Labels | null };
    readonly Resources?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly GenericResources?:
        | readonly {
            readonly DiscreteResourceSpec?: { readonly Kind?: string; readonly Value?: number };
            readonly NamedResourceSpec?: { readonly Kind?: string };
          }[]
        | null;
    };
  };
  readonly Status: { readonly State: string; readonly Addr?: string; readonly Message?: string };
  /** Missing for a worker. */
  readonly ManagerStatus?: {
    readonly Leader?: boolean;
    readonly Reachability?: string;
    readonly Addr?: string;
  };
}

/** A task of a service. */
export interface LiveTask {
  readonly ID: string;
  readonly ServiceID?: string;
  readonly NodeID?: string;
  readonly Slot?: number;
  readonly CreatedAt?: string;
  readonly DesiredState?: string;
  readonly Status?: {
    readonly State?: string;
    readonly Timestamp?: string;
    readonly Message?: string;
    readonly Err?: string;
    readonly ContainerStatus?: {
      readonly ContainerID?: string;
      readonly ExitCode?: number;
    } | null;
  };
  /** Of a container that joined a network on its own: which one. */
  readonly Spec?: WireTemplate & {
    readonly NetworkAttachmentSpec?: { readonly ContainerID?: string } | null;
  };
  readonly NetworksAttachments?:
    | readonly { readonly Network?: { readonly ID?: string } | null }[]
    | null;
  readonly JobIteration?: { readonly Index?: number } | null;
}

/** The body of a network's create. */
export interface NetworkSpec {
  readonly Name: string;
  readonly CheckDuplicate: boolean;
  readonly Driver: string;
  readonly Attachable: boolean;
  readonly Internal: boolean;
  /** The network of published ports. */
  readonly Ingress?: boolean;
  readonly Options: Texts;
  readonly Labels: Labels;
  readonly IPAM?: {
    readonly Driver: string;
    readonly Config: readonly { readonly Subnet: string; readonly Gateway?: string }[];
  };
}

/** A network. */
export interface LiveNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Scope: string;
  readonly Driver: string;
  readonly Attachable?: boolean;
  readonly Internal?: boolean;
  readonly Ingress?: boolean;
  readonly Options?: Texts | null;
  readonly Labels?: Labels | null;
  readonly IPAM?: {
    readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null;
  };
}

/** The body of a volume's create. */
export interface VolumeSpec {
  readonly Name: string;
  readonly Driver: string;
  readonly DriverOpts: Texts;
  readonly Labels: Labels;
}

/** A volume on one Docker engine. */
export interface LiveVolume {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly Options?: Texts | null;
  readonly Labels?: Labels | null;
}

/** A secret or config; its data is in base64, and never comes back for a secret. */
export interface ContentSpec {
  readonly Name?: string;
  readonly Labels?: Labels | null;
  readonly Data?: string;
  readonly Templating?: { readonly Name: string };
}

/** A secret or config of the swarm. */
export interface LiveContent {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: ContentSpec;
}

/** A container on one Docker engine. */
export interface LiveContainer {
  readonly Id: string;
  /** In lists. */
  readonly ImageID?: string;
  /** With a slash before it; in answers about one container. */
  readonly Name?: string;
  readonly State?: {
    readonly Pid?: number;
    readonly OOMKilled?: boolean;
    readonly Health?: {
      readonly Log?: readonly { readonly ExitCode?: number; readonly Output?: string }[] | null;
    } | null;
  };
}

/** Settings of the swarm; what this program does not know is written back as it was read. */
export interface SwarmSpec {
  readonly Orchestration?: { readonly TaskHistoryRetentionLimit?: number };
  /** In nanoseconds. */
  readonly CAConfig?: { readonly NodeCertExpiry?: number };
  readonly EncryptionConfig?: { readonly AutoLockManagers?: boolean };
}

/** What an update of the swarm gives new values. */
export interface Rotation {
  readonly rotateWorkerToken?: boolean;
  readonly rotateManagerToken?: boolean;
  readonly rotateManagerUnlockKey?: boolean;
}

/** An image on one Docker engine. */
export interface LiveImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
  /** Seconds since 1970; of an answer about one image, a date. */
  readonly Created?: number | string;
  /** Of an answer about one image: when this Docker engine last gave it a tag. */
  readonly Metadata?: { readonly LastTagTime?: string } | null;
}

/** The swarm itself. */
export interface LiveSwarm {
  readonly ID: string;
  readonly CreatedAt: string;
  readonly Version: { readonly Index: number };
  readonly Spec: SwarmSpec;
  readonly DefaultAddrPool?: readonly string[] | null;
  /** Prefix length of subnets from the pools. */
  readonly SubnetSize?: number;
  /** 0 is the default. */
  readonly DataPathPort?: number;
  readonly JoinTokens: { readonly Manager: string; readonly Worker: string };
}

/** What a Docker engine needs to join a swarm. */
export interface JoinSpec {
  readonly ListenAddr: string;
  readonly AdvertiseAddr?: string;
  readonly DataPathAddr?: string;
  readonly Availability: NodeSpec["Availability"];
  readonly RemoteAddrs: readonly string[];
  readonly JoinToken: string;
}

/** What a Docker engine needs to start a swarm. */
export interface InitSpec {
  readonly ListenAddr: string;
  readonly AdvertiseAddr: string;
  /** Goes on with the swarm that the Docker engine was a manager of, without its other managers. */
  readonly ForceNewCluster: true;
}

/** What a Docker engine says about itself. */
export interface EngineInfo {
  readonly Swarm?: {
    readonly NodeID?: string;
    /** `inactive`, `pending`, `active`, `error` or `locked`. */
    readonly LocalNodeState?: string;
    readonly ControlAvailable?: boolean;
    readonly Error?: string;
    /** Managers that it knows. */
    readonly RemoteManagers?:
      | readonly { readonly NodeID?: string; readonly Addr?: string }[]
      | null;
  };
}

/** Release of a Docker engine. */
export interface EngineVersion {
  /** Such as `26.1.5`. */
  readonly Version: string;
  /** Such as `1.45`. */
  readonly ApiVersion: string;
}

/** What a registry says about an image. */
export interface Distribution {
  readonly Descriptor: { readonly digest: string };
  readonly Platforms?: readonly { readonly os?: string; readonly architecture?: string }[] | null;
}
