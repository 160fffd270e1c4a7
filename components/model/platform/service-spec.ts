import type { FileReference, SchedulingInputs, TaskInputs } from "../service/inputs";
import type { mountSpec } from "../service/mounts";

/** A mount, whose volume has its driver from the platform; for type volume, `source` is a key of the platform's `volumes`. */
export type MountSpec = (typeof mountSpec)["type"];

/** An image: a reference, or the key of one that the platform builds. */
export type ImageSpec =
  | string
  | {
      /** Key of the platform's `images`. @example app */
      readonly build: string;
    };

/** What is waited for: containers have started, tasks run and are healthy, or a job is done. */
export type Condition = "started" | "healthy" | "completed";

/** How a service joins one of the platform's networks. */
export interface AttachmentSpec {
  /** Additional names that resolve to the service in this network (its key always does). */
  readonly aliases?: readonly string[];
  /** Options of the network's driver. @default none */
  readonly driverOptions?: { readonly [key: string]: string };
}

/** How Traefik passes requests on to a service. */
export interface RouteSpec {
  /** Name in the requests' address. @example shop.example.org */
  readonly host: string;
  /** Beginning of the requests' path. @default every path @example /api */
  readonly path?: string;
  /** Port on which the service listens; no port need be published. @default the target of the service's only port */
  readonly port?: number;
  /** Entry point of Traefik. @default "web", with TLS "websecure" */
  readonly entryPoint?: string;
  /** Whether Traefik answers with a certificate. @default true with `resolver` */
  readonly tls?: boolean;
  /** Certificate resolver of Traefik. @default none: a certificate of Traefik's own settings */
  readonly resolver?: string;
  /** Name in Traefik, unique on the swarm. @default `<platform>_<service>` */
  readonly name?: string;
}

/**
 * One service of a platform, in Docker's own words. Names are keys of the platform
 * (volumes, secrets, configs, networks); its plan has the real ones.
 */
export interface ServiceSpec extends Omit<TaskInputs, "mounts">, SchedulingInputs {
  /** A reference, or the key of an image that the platform builds. @example redis:7 */
  readonly image: ImageSpec;
  /** Path in the container to its mount. */
  readonly mounts?: { readonly [target: string]: MountSpec };
  /** Target file to secret; `source` is a key of the platform's `secrets`. */
  readonly secrets?: { readonly [target: string]: FileReference };
  /** Absolute path to config; `source` is a key of the platform's `configs`. */
  readonly configs?: { readonly [target: string]: FileReference };
  /** Networks by their key in the platform. @default { default: {} } */
  readonly networks?: { readonly [key: string]: AttachmentSpec };
  /**
   * What must be before this service is created: a list of services that run and jobs that are done, or a
   * map of name to `started`, `healthy` (which is running where there is no healthcheck) or `completed`.
   * @default {}
   */
  readonly dependsOn?: readonly string[] | { readonly [service: string]: Condition };
  /** Environments that have this service. @default all */
  readonly only?: readonly string[];
  /** GPUs for each task: short for a reservation of the generic resource `NVIDIA-GPU`. @default none */
  readonly gpus?: number;
  /** Host name for which Traefik passes requests on to the service, or that with more: short for Traefik's labels. @default none @example shop.example.org */
  readonly route?: string | RouteSpec;
  /**
   * Paths of the node that the service needs although they give it the node itself, each with the reason. A preview
   * does not warn of these. @default none @example { "/var/run/docker.sock": "starts the containers of runs" }
   */
  readonly nodeAccess?: { readonly [path: string]: string };
}
