/** Texts by key. */
export type Texts = { readonly [key: string]: string };

/** How a service is attached to a network, as the Engine API has it. */
export interface WireAttachment {
  readonly Target?: string;
  readonly Aliases?: readonly string[] | null;
  readonly DriverOpts?: Texts | null;
}

/** A mount, as the Engine API has it. */
export interface WireMount {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
  readonly BindOptions?: { readonly Propagation?: string } | null;
  readonly VolumeOptions?: {
    readonly NoCopy?: boolean;
    readonly Labels?: Texts | null;
    readonly DriverConfig?: { readonly Name?: string; readonly Options?: Texts | null } | null;
  } | null;
  readonly TmpfsOptions?: { readonly SizeBytes?: number; readonly Mode?: number } | null;
}

/** The file that a secret or config becomes. */
export interface WireFile {
  readonly Name?: string;
  readonly UID?: string;
  readonly GID?: string;
  readonly Mode?: number;
}

/** A service's use of a secret. */
export interface WireSecret {
  readonly SecretID?: string;
  readonly SecretName?: string;
  readonly File?: WireFile | null;
}

/** A service's use of a config. */
export interface WireConfig {
  readonly ConfigID?: string;
  readonly ConfigName?: string;
  readonly File?: WireFile | null;
}

/** What runs in the container. */
export interface WireContainer {
  readonly Image?: string;
  readonly Labels?: Texts | null;
  readonly Command?: readonly string[] | null;
  readonly Args?: readonly string[] | null;
  readonly Hostname?: string;
  readonly Env?: readonly string[] | null;
  readonly Dir?: string;
  readonly User?: string;
  readonly Groups?: readonly string[] | null;
  readonly Init?: boolean | null;
  readonly TTY?: boolean;
  readonly OpenStdin?: boolean;
  readonly ReadOnly?: boolean;
  readonly StopSignal?: string;
  readonly StopGracePeriod?: number | null;
  readonly Mounts?: readonly WireMount[] | null;
  readonly Healthcheck?: {
    readonly Test?: readonly string[] | null;
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly Retries?: number;
    readonly StartPeriod?: number;
    readonly StartInterval?: number;
  } | null;
  readonly Hosts?: readonly string[] | null;
  readonly DNSConfig?: {
    readonly Nameservers?: readonly string[] | null;
    readonly Search?: readonly string[] | null;
    readonly Options?: readonly string[] | null;
  } | null;
  readonly Secrets?: readonly WireSecret[] | null;
  readonly Configs?: readonly WireConfig[] | null;
  readonly Sysctls?: Texts | null;
  readonly CapabilityAdd?: readonly string[] | null;
  readonly CapabilityDrop?: readonly string[] | null;
  readonly Ulimits?:
    | readonly { readonly Name?: string; readonly Soft?: number; readonly Hard?: number }[]
    | null;
}

/** The template of a task. */
export interface WireTemplate {
  readonly ContainerSpec?: WireContainer;
  readonly Resources?: {
    readonly Limits?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly Pids?: number;
    } | null;
    readonly Reservations?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly GenericResources?:
        | readonly {
            readonly DiscreteResourceSpec?: { readonly Kind?: string; readonly Value?: number };
          }[]
        | null;
    } | null;
  } | null;
  readonly RestartPolicy?: {
    readonly Condition?: string;
    readonly Delay?: number | null;
    readonly MaxAttempts?: number | null;
    readonly Window?: number | null;
  } | null;
  readonly Placement?: {
    readonly Constraints?: readonly string[] | null;
    readonly Preferences?:
      | readonly { readonly Spread?: { readonly SpreadDescriptor?: string } }[]
      | null;
    readonly MaxReplicas?: number;
    readonly Platforms?: readonly WirePlatform[] | null;
  } | null;
  readonly Networks?: readonly WireAttachment[] | null;
  readonly LogDriver?: { readonly Name?: string; readonly Options?: Texts | null } | null;
  readonly ForceUpdate?: number;
}

/** A platform that an image is for. */
export interface WirePlatform {
  readonly Architecture?: string;
  readonly OS?: string;
}

/** How tasks are replaced. */
export interface WirePolicy {
  readonly Parallelism?: number;
  readonly Delay?: number;
  readonly FailureAction?: string;
  readonly Monitor?: number;
  readonly MaxFailureRatio?: number;
  readonly Order?: string;
}

/** A port of a service. */
export interface WirePort {
  readonly Protocol?: string;
  readonly TargetPort?: number;
  readonly PublishedPort?: number;
  readonly PublishMode?: string;
}

/** The body of a service's create and update. */
export interface WireSpec {
  readonly Name?: string;
  readonly Labels?: Texts | null;
  readonly TaskTemplate?: WireTemplate;
  readonly Mode?: {
    readonly Replicated?: { readonly Replicas?: number } | null;
    readonly Global?: object | null;
    readonly ReplicatedJob?: {
      readonly MaxConcurrent?: number;
      readonly TotalCompletions?: number;
    } | null;
    readonly GlobalJob?: object | null;
  };
  readonly UpdateConfig?: WirePolicy | null;
  readonly RollbackConfig?: WirePolicy | null;
  /** Where clients of old APIs put the networks. */
  readonly Networks?: readonly WireAttachment[] | null;
  readonly EndpointSpec?: {
    readonly Mode?: string;
    readonly Ports?: readonly WirePort[] | null;
  } | null;
}

/** A service as the Docker API shows it. */
export interface LiveService {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: WireSpec;
  /** What a rollback goes back to. */
  readonly PreviousSpec?: WireSpec | null;
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string } | null;
  readonly JobStatus?: {
    readonly JobIteration?: { readonly Index?: number };
    readonly LastExecution?: string;
  } | null;
}
