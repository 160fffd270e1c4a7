/** Healthcheck of a container. Durations are text such as `10s` or `1m30s`. */
export interface Healthcheck {
  /** `["CMD", "redis-cli", "ping"]`, `["CMD-SHELL", "…"]` or `["NONE"]` to switch an image's check off. */
  readonly test?: readonly string[];
  /** @default the engine's (30s) */
  readonly interval?: string;
  /** @default the engine's (30s) */
  readonly timeout?: string;
  /** @default the engine's (3) */
  readonly retries?: number;
  /** @default the engine's (0s) */
  readonly startPeriod?: string;
  /** Needs engine 25 or newer. @default the engine's */
  readonly startInterval?: string;
}

/** What is mounted at one path of the container. */
export interface Mount {
  readonly type: "volume" | "bind" | "tmpfs";
  /** Name of the volume, path on the node, or nothing for tmpfs. */
  readonly source?: string;
  /** @default false */
  readonly readOnly?: boolean;
  /** Options of a volume; swarm makes it on the node where the task lands. */
  readonly volume?: {
    readonly noCopy?: boolean;
    readonly labels?: { readonly [key: string]: string };
    readonly driver?: string;
    readonly driverOptions?: { readonly [key: string]: string };
  };
  /** Options of a bind mount. */
  readonly bind?: {
    readonly propagation?: "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave";
  };
  /** Options of a tmpfs. `size` such as `64MiB`; `mode` a number such as 0o1777. */
  readonly tmpfs?: { readonly size?: string; readonly mode?: number };
}

/** A secret or config as a file in the container. The key in the map is the file's path. */
export interface FileReference {
  /** Name of the secret or config. */
  readonly source: string;
  /** @default "0" */
  readonly uid?: string;
  /** @default "0" */
  readonly gid?: string;
  /** @default 0o444 */
  readonly mode?: number;
}

/** How a service is attached to one network. */
export interface NetworkAttachment {
  /** Name of the network. */
  readonly name: string;
  /** Further names that resolve to the service in this network. */
  readonly aliases?: readonly string[];
  readonly driverOptions?: { readonly [key: string]: string };
}

/** One port of a service. */
export interface Port {
  /** Port inside the container. */
  readonly target: number;
  /** Port on the nodes. @default chosen by swarm */
  readonly published?: number;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp" | "sctp";
  /** `host` publishes on the node that runs the task, `ingress` on every node. @default "ingress" */
  readonly mode?: "ingress" | "host";
}

/** Where tasks may run. */
export interface Placement {
  /** Such as `node.labels.db == true` or `node.role != manager`; all must hold. */
  readonly constraints?: readonly string[];
  /** Spread tasks over the values of these, for example `node.labels.zone`. */
  readonly spread?: readonly string[];
  /** At most this many tasks on a node. @default no limit */
  readonly maxReplicasPerNode?: number;
  /** Such as `linux/amd64`. @default what the image offers */
  readonly platforms?: readonly string[];
}

/** What a task may use at most and what a node must have free for it. */
export interface Resources {
  readonly limits?: { readonly cpus?: number; readonly memory?: string; readonly pids?: number };
  readonly reservations?: {
    readonly cpus?: number;
    /** Such as `512MiB` or `2GiB`. */
    readonly memory?: string;
    /** Generic resources, for example `{ "NVIDIA-GPU": 1 }`. */
    readonly generic?: { readonly [kind: string]: number };
  };
}

/** When a task that ended is started again. */
export interface RestartPolicy {
  /** @default "any" */
  readonly condition?: "any" | "on-failure" | "none";
  /** @default "5s" */
  readonly delay?: string;
  /** @default no limit */
  readonly maxAttempts?: number;
  /** @default "0s" (no window) */
  readonly window?: string;
}

/** How tasks are exchanged when a service changes, or goes back. */
export interface UpdatePolicy {
  /** Tasks at a time; 0 means all at once. @default 1 */
  readonly parallelism?: number;
  /** @default "0s" */
  readonly delay?: string;
  /** `rollback` is for updates only. @default "pause" */
  readonly failureAction?: "pause" | "continue" | "rollback";
  /** How long a task is watched for a failure. @default "5s" */
  readonly monitor?: string;
  /** @default 0 */
  readonly maxFailureRatio?: number;
  /** @default "stop-first" */
  readonly order?: "stop-first" | "start-first";
}

/** A log driver and its options. */
export interface Logging {
  readonly driver: string;
  readonly options?: { readonly [key: string]: string };
}

/** What runs in each task, in Docker's own words. Whatever has a key is a map, so that a diff names it. */
export interface TaskInputs {
  /** Replaces the image's entry point (Docker's API calls it Command). */
  readonly entrypoint?: readonly string[];
  /** Arguments to the entry point (Docker's API calls it Args). */
  readonly command?: readonly string[];
  /** Name of the container in its networks. Templates such as `{{.Node.Hostname}}` are allowed. */
  readonly hostname?: string;
  /** Environment; null sends the name alone, which unsets it. */
  readonly env?: { readonly [name: string]: string | null };
  readonly containerLabels?: { readonly [key: string]: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly workingDir?: string;
  readonly tty?: boolean;
  readonly openStdin?: boolean;
  readonly readOnly?: boolean;
  /** Runs a small init process that forwards signals and reaps zombies. @default the engine's */
  readonly init?: boolean;
  readonly stopSignal?: string;
  /** @default "10s" */
  readonly stopGracePeriod?: string;
  /** Extra names in /etc/hosts: name to address. */
  readonly extraHosts?: { readonly [name: string]: string };
  readonly dns?: {
    readonly nameservers?: readonly string[];
    readonly search?: readonly string[];
    readonly options?: readonly string[];
  };
  readonly sysctls?: { readonly [name: string]: string };
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly ulimits?: { readonly [name: string]: { readonly soft: number; readonly hard: number } };
  readonly healthcheck?: Healthcheck;
  /** Path in the container to what is mounted there. */
  readonly mounts?: { readonly [target: string]: Mount };
  /** File name (below /run/secrets) or absolute path to secret. */
  readonly secrets?: { readonly [target: string]: FileReference };
  /** Absolute path to config. */
  readonly configs?: { readonly [target: string]: FileReference };
  readonly resources?: Resources;
  readonly restart?: RestartPolicy;
  readonly placement?: Placement;
  readonly logging?: Logging;
  /** A number that, when changed, restarts all tasks. @default 0 */
  readonly forceUpdate?: number;
}

/** Mode, ports and policies of a service. */
export interface SchedulingInputs {
  /** @default "replicated" */
  readonly mode?: "replicated" | "global" | "replicated-job" | "global-job";
  /** Number of tasks of a replicated service; total completions of a replicated job. @default 1 */
  readonly replicas?: number;
  /** Tasks of a replicated job that run at the same time. @default replicas */
  readonly maxConcurrent?: number;
  /** Labels of the service (what Traefik reads). */
  readonly labels?: { readonly [key: string]: string };
  readonly ports?: readonly Port[];
  /** @default "vip" */
  readonly endpointMode?: "vip" | "dnsrr";
  readonly update?: UpdatePolicy;
  readonly rollback?: UpdatePolicy;
}

/** The inputs of a Service resource of the provider; every name is the real one on the swarm. */
export interface ServiceInputs extends TaskInputs, SchedulingInputs {
  readonly name: string;
  /** `repository:tag`, with or without a digest. A tag alone is pinned to its digest at create and update. */
  readonly image: string;
  /** Attachments by a key of the caller's. */
  readonly networks?: { readonly [key: string]: NetworkAttachment };
  /** Wait until all tasks run before the resource counts as made (when another one depends on it). @default false */
  readonly wait?: boolean;
  /** How long that wait may take. @default "5m" */
  readonly timeout?: string;
}
