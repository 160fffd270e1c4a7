import type {
  FileReference,
  Mount,
  NetworkAttachment,
  Port,
  SchedulingInputs,
  TaskInputs,
} from "../service/inputs";
import type { ImageBuild, OpenSpec, OwnNetworkSpec, RolloutSpec } from "./spec";

type Texts = { readonly [key: string]: string };

/** What exists already and is only used. */
export interface ExternalPlan {
  readonly kind: "external";
  /** Real name. */
  readonly name: string;
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

/** A network that services join. */
export type NetworkPlan = OwnNetworkPlan | ExternalNetworkPlan;

interface OwnVolumePlan extends OwnPlan {
  readonly driver: string;
  readonly driverOptions: Texts;
  readonly everyNode: boolean;
  readonly onDelete: "keep" | "remove";
  /** Path in the volume to path of a file or folder in the platform's folder. */
  readonly seed: Texts;
}

/** A volume of each node where it is used. */
export interface NodeVolumePlan extends OwnVolumePlan {
  readonly kind: "node";
}

/** A volume that is a folder on the share. */
export interface SharedVolumePlan extends OwnVolumePlan {
  readonly kind: "shared";
  /** The folder, absolute, the same on every node. */
  readonly folder: string;
}

/** A volume that services mount. */
export type VolumePlan = NodeVolumePlan | SharedVolumePlan | ExternalPlan;

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
  extends Omit<TaskInputs, "mounts" | "secrets" | "configs" | "containerLabels" | "hostname">,
    Omit<SchedulingInputs, "labels" | "ports" | "endpointMode"> {
  /** Real name. */
  readonly name: string;
  readonly image: ImagePlan;
  readonly hostname: string;
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
  /** Keys of services that must run before this one is made. */
  readonly dependsOn: readonly string[];
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
  readonly rollout?: RolloutSpec;
  readonly open?: OpenSpec;
}
