import type {
  FileReference,
  Mount,
  NetworkAttachment,
  Port,
  SchedulingInputs,
  TaskInputs,
} from "../service/inputs";
import type { Condition } from "./service-spec";
import type { DirectorySpec, ImageBuild, OwnNetworkSpec, RolloutSpec } from "./spec";

type Texts = { readonly [key: string]: string };

/** Who makes something: a platform of the environment, which has it under a key. */
export interface Owner {
  readonly platform: string;
  readonly key: string;
}

/** What this platform does not make and only uses. */
export interface ExternalPlan {
  readonly kind: "external";
  /** Real name; of a secret or config that `owner` makes its beginning. */
  readonly name: string;
  /** Platform of the same environment that makes it. @default none: it exists already */
  readonly owner?: Owner;
}

/** What the platform makes. */
interface OwnPlan {
  /** Real name on the swarm; of secrets and configs its beginning, which a hash of the content follows. */
  readonly name: string;
  /** With the label of the platform. */
  readonly labels: Texts;
}

/** A network that the platform makes. Its subnet is known when it is an overlay. */
export interface OwnNetworkPlan
  extends OwnPlan,
    Omit<OwnNetworkSpec, "name" | "labels" | "external"> {
  readonly kind: "own";
}

/** A network that exists already. */
export interface ExternalNetworkPlan extends ExternalPlan {
  readonly subnet?: string;
}

/** A volume that exists already, or that another platform makes: then with its driver. */
export interface ExternalVolumePlan extends ExternalPlan {
  readonly driver?: string;
  readonly driverOptions?: Texts;
}

/** A network that services join. */
export type NetworkPlan = OwnNetworkPlan | ExternalNetworkPlan;

interface OwnVolumePlan extends OwnPlan {
  readonly driver: string;
  readonly driverOptions: Texts;
  readonly everyNode: boolean;
  readonly onDelete: "keep" | "remove";
  /** Path in the volume to path of a file or folder in the platform's folder. */
  readonly seed: Texts;
  /** Owner and permissions of its folder. */
  readonly directory?: DirectorySpec;
}

/** A volume of each node where it is used. */
export interface NodeVolumePlan extends OwnVolumePlan {
  readonly kind: "node";
  /** The directory of the nodes that it binds, absolute. @default the Docker engine keeps its data */
  readonly device?: string;
}

/** A volume that is a folder on the share. */
export interface SharedVolumePlan extends OwnVolumePlan {
  readonly kind: "shared";
  /** The folder, absolute, the same on every node. */
  readonly folder: string;
}

/** A volume that services mount. */
export type VolumePlan = NodeVolumePlan | SharedVolumePlan | ExternalVolumePlan;

/** A secret, and where its value comes from. */
export type SecretPlan =
  | ExternalPlan
  | (OwnPlan & { readonly templateDriver?: "golang" } & (
        | { readonly kind: "random"; readonly random: number; readonly rotate?: string }
        | { readonly kind: "previous"; readonly previous: string }
        | { readonly kind: "config"; readonly config: string }
        | { readonly kind: "file"; readonly file: string }
        | { readonly kind: "value"; readonly value: string }
      ));

/** A config, and where its content comes from. */
export type ConfigPlan =
  | ExternalPlan
  | (OwnPlan & { readonly templateDriver?: "golang" } & (
        | { readonly kind: "content"; readonly content: string }
        | { readonly kind: "file"; readonly file: string }
      ));

/** What tasks run: an image that exists, or one of the platform's `images`. */
export type ImagePlan =
  | { readonly kind: "reference"; readonly reference: string }
  | { readonly kind: "built"; readonly build: string };

/** One service with every name and mode. */
export interface ServicePlan
  extends Omit<TaskInputs, "mounts" | "secrets" | "configs" | "containerLabels">,
    Omit<SchedulingInputs, "labels" | "ports" | "endpointMode"> {
  /** Real name. */
  readonly name: string;
  readonly image: ImagePlan;
  readonly labels: Texts;
  readonly containerLabels: Texts;
  /** Path in the container to what is mounted there, by its real name and with its driver. */
  readonly mounts?: { readonly [target: string]: Mount };
  /** Target file to secret; `source` is a key of the plan's `secrets`: their names depend on the content. */
  readonly secrets?: { readonly [target: string]: FileReference };
  /** Absolute path to config; `source` is a key of the plan's `configs`. */
  readonly configs?: { readonly [target: string]: FileReference };
  /** Attachments by the network's key in the plan. */
  readonly networks: { readonly [key: string]: NetworkAttachment };
  readonly ports?: readonly (Port & { readonly mode: "ingress" | "host" })[];
  readonly endpointMode: "vip" | "dnsrr";
  /** Keys of services, and what must be true of each before this one is made. */
  readonly dependsOn: { readonly [service: string]: Condition };
}

/** One deployment with nothing left open: what an environment makes of a PlatformSpec. */
export interface PlatformPlan {
  /** Folder that relative paths start from, absolute. */
  readonly folder: string;
  readonly images: { readonly [key: string]: ImageBuild };
  readonly networks: { readonly [key: string]: NetworkPlan };
  readonly volumes: { readonly [key: string]: VolumePlan };
  readonly secrets: { readonly [key: string]: SecretPlan };
  readonly configs: { readonly [key: string]: ConfigPlan };
  readonly services: { readonly [key: string]: ServicePlan };
  /** Directories of the nodes by absolute path. */
  readonly directories?: { readonly [path: string]: DirectorySpec };
  /** Container labels of services that its programs create: name to the beginning of the value. */
  readonly creates?: Texts;
  readonly rollout?: RolloutSpec;
  readonly open?: OpenPlan;
}

/** The page that `up` prints last: at a published port, or where Traefik passes requests on. */
export type OpenPlan =
  | { readonly service: string; readonly target: number; readonly path?: string }
  | { readonly service: string; readonly route: RoutePlan; readonly path?: string };

/** A route with every default but the port, which may be unknown. */
export interface RoutePlan {
  /** Of the router and the service in Traefik; unique on the swarm. */
  readonly name: string;
  readonly host: string;
  readonly path?: string;
  readonly port?: number;
  readonly entryPoint: string;
  readonly tls: boolean;
  readonly resolver?: string;
}
