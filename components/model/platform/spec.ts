import type { BuildKitOptions } from "./build";
import type { OneOf } from "./one-of";
import type { ServiceSpec } from "./service-spec";

/** An image built from a folder and pushed to the environment's registry. */
export interface ImageBuild extends BuildKitOptions {
  /** Folder with the Dockerfile, relative to the platform's folder. */
  readonly context: string;
  /** Relative to `context`. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** Text of a Dockerfile, in place of one in the folder. @default none */
  readonly dockerfileText?: string;
  /** Build arguments: name to value. @default none */
  readonly args?: { readonly [name: string]: string };
  /** Stage of the Dockerfile. @default the last */
  readonly target?: string;
  /** Labels of the image. @default {} */
  readonly labels?: { readonly [name: string]: string };
  /** Network of this machine's Docker engine that the build's commands join. @default the Docker engine's own @example host */
  readonly network?: string;
  /** Further names for the build's commands: name to address. @default {} @example { mirror.local: 10.0.0.5 } */
  readonly extraHosts?: { readonly [name: string]: string };
  /** Size of /dev/shm for the build's commands. @default 64MiB @example 256MiB */
  readonly shmSize?: string;
  /** Limits of the build's commands by name, as of services. @default the Docker engine's @example { nofile: { soft: 1024, hard: 4096 } } */
  readonly ulimits?: { readonly [name: string]: { readonly soft: number; readonly hard: number } };
  /** Builds every step again when the folder changes. @default false */
  readonly noCache?: boolean;
  /** Asks for a newer base image when the folder changes. @default false */
  readonly pull?: boolean;
}

/** A network or volume that exists already and is only used. */
interface ExternalSpec {
  /** `true`: it exists already, and is only used. @default false */
  readonly external: true;
  /** Real name. @default `<platform>_<key>` */
  readonly name?: string;
}

/** A network that the platform makes. */
export interface OwnNetworkSpec {
  readonly external?: false;
  /** Real name. @default `<platform>_<key>` */
  readonly name?: string;
  /** Docker's network driver. @default "overlay" */
  readonly driver?: string;
  /** CIDR. @default a /24 of the environment's `swarm.platformPool`, chosen by the platform's name */
  readonly subnet?: string;
  /** Further CIDRs, beside a stated `subnet`. @default none */
  readonly moreSubnets?: readonly string[];
  /** Address of its gateway. @default the first address of the subnet */
  readonly gateway?: string;
  /** Lets containers outside services join. @default false */
  readonly attachable?: boolean;
  /** Without access to the outside. @default false */
  readonly internal?: boolean;
  /** Encrypts traffic between nodes. @default false */
  readonly encrypted?: boolean;
  /** Options of the driver. @default none */
  readonly options?: { readonly [key: string]: string };
  /** Labels of the network. @default none */
  readonly labels?: { readonly [key: string]: string };
}

/** A network that exists already. */
export interface ExternalNetworkSpec extends ExternalSpec {
  /** Its CIDR, so that no network of a platform takes it. @default unknown */
  readonly subnet?: string;
}

/** A network of a platform. */
export type NetworkSpec = OwnNetworkSpec | ExternalNetworkSpec;

/** Owner and permissions of a directory on the nodes. */
export interface DirectorySpec {
  /** User, or user and group. @default root, or what the directory has already @example "1000:1000" */
  readonly owner?: string;
  /** Permissions as in chmod. @default 0755, or what the directory has already @example "0750" */
  readonly mode?: number | string;
}

interface OwnVolumeSpec {
  readonly external?: false;
  /** Real name. @default `<platform>_<key>` */
  readonly name?: string;
  /** Creates the volume on all nodes, for containers that are started outside the stack. @default false */
  readonly everyNode?: boolean;
  /** Owner and permissions of its folder, for a volume on the share or one that binds a directory of the nodes. @default {} */
  readonly directory?: DirectorySpec;
  /** What `down` does to a volume on a node; data on the share follows the share's `data`. @default "keep" */
  readonly onDelete?: "keep" | "remove";
  /** Files put into the volume before services start, never overwriting: path in the volume to path of a file or folder in the platform's folder. */
  readonly seed?: { readonly [path: string]: string };
  /** Labels of the volume. @default none */
  readonly labels?: { readonly [key: string]: string };
}

/** A volume with data of its own on each node. */
export interface NodeVolumeSpec extends OwnVolumeSpec {
  readonly shared?: false;
  /** Docker's volume driver. @default "local" */
  readonly driver?: string;
  /** Options of the driver. @default {} */
  readonly driverOptions?: { readonly [key: string]: string };
}

/** A volume whose data is on the share, so that every node sees the same. */
export interface SharedVolumeSpec extends OwnVolumeSpec {
  /** `true`: its data is on the share, so that every node sees the same. @default false */
  readonly shared: true;
}

/** A volume of a platform. */
export type VolumeSpec = NodeVolumeSpec | SharedVolumeSpec | ExternalSpec;

/** Where a secret's value comes from. */
interface SecretSources {
  /** Generated once and kept, encrypted, in the state: this many characters (letters and digits). */
  readonly random: number;
  /** Key of Pulumi config, set with `npm run secret -- set <key>`; locally of `Pulumi.<environment>.secrets.yaml`. */
  readonly config: string;
  /** File in the platform's folder. */
  readonly file: string;
  /** Real name of an existing secret. */
  readonly external: string;
  /** Key of a random secret of the platform: the value that it had before its last rotation, or its own before the first. */
  readonly previous: string;
  /** The value itself, for programs that find it when they run. Never write one into a file. */
  readonly value: string;
}

/** A secret of a platform: exactly one source. */
export type SecretSpec = OneOf<SecretSources> & {
  /** Beginning of its real name. @default `<platform>_<key>` */
  readonly name?: string;
  /** With `random`: any text, such as a date. Another text gives another value; going back brings back the one before. @default none */
  readonly rotate?: string;
  /** `golang` lets swarm fill in templates. @default none */
  readonly templateDriver?: "golang";
  /** Labels of the secret. @default none */
  readonly labels?: { readonly [key: string]: string };
};

/** Where a config's content comes from. */
interface ConfigSources {
  /** The content itself. */
  readonly content: string;
  /** File in the platform's folder. */
  readonly file: string;
  /** Real name of an existing config. */
  readonly external: string;
}

/** A config of a platform: exactly one source. */
export type ConfigSpec = OneOf<ConfigSources> & {
  /** Beginning of its real name. @default `<platform>_<key>` */
  readonly name?: string;
  /** `golang` lets swarm fill in templates. @default none */
  readonly templateDriver?: "golang";
  /** Labels of the config. @default none */
  readonly labels?: { readonly [key: string]: string };
};

/** How `up` waits for a platform. */
export interface RolloutSpec {
  /** How long `up` waits for all tasks. @default "5m" */
  readonly timeout?: string;
  /** How long all tasks must keep running. @default "5s" */
  readonly steady?: string;
  /** TCP ports, published ones or those of routes, that need not answer, such as one that a program opens only at times. @default [] */
  readonly quietPorts?: readonly number[];
}

/** The page that `up` prints last. */
export interface OpenSpec {
  /** Key of the service. */
  readonly service: string;
  /** Port of the service, which it publishes. @default its route, or the only TCP port that it publishes */
  readonly target?: number;
  /** Path of the page. @default that of its route, or "/" */
  readonly path?: string;
}

/** One named deployment, which Docker calls a stack, as someone wrote it. */
export interface PlatformSpec {
  /** Folder that relative paths start from, absolute. */
  readonly folder: string;
  /** False for services that belong to no `docker stack`: their keys are their real names, without a further alias, and nothing gets the label of a stack. @default true */
  readonly namespace?: boolean;
  /** Images that are built here, by key; `image: { build: <key> }` uses one. @default none */
  readonly images?: { readonly [key: string]: ImageBuild };
  /** Networks, by key; services join `default` unless they say otherwise. @default none */
  readonly networks?: { readonly [key: string]: NetworkSpec };
  /** Volumes, by key; services use them in `mounts`. @default none */
  readonly volumes?: { readonly [key: string]: VolumeSpec };
  /** Secrets, by key, each with one source. @default none */
  readonly secrets?: { readonly [key: string]: SecretSpec };
  /** Configs, by key, each with one source. @default none */
  readonly configs?: { readonly [key: string]: ConfigSpec };
  /** Services, by key. */
  readonly services: { readonly [key: string]: ServiceSpec };
  /** Directories for bind mounts, by absolute path: they are made on every node before services start, and kept. @default {} @example { /srv/postgres: { owner: "999:999", mode: "0700" } } */
  readonly directories?: { readonly [path: string]: DirectorySpec };
  /** Container labels of services that the platform's own programs create: name to the beginning of the value. They are removed with the platform. @default {} @example { blue.agent: default. } */
  readonly creates?: { readonly [label: string]: string };
  /** How `up` waits for the platform. @default those of each key */
  readonly rollout?: RolloutSpec;
  /** Service whose address `up` prints last: that of a published port, or the one that its `route` names. @default none */
  readonly open?: OpenSpec;
}
