import * as pulumi from "@pulumi/pulumi";
import { mapValues } from "../model/merge";
import type { ImagePlan, ServicePlan } from "../model/platform/plan";
import type { FileReference } from "../model/service/inputs";
import type { Platform } from "../platform/platform";
import type { Registry } from "../registry/registry";
import { Rollout, Service, type ServiceArgs } from "../resources/resources";
import { inDependencyOrder, waitedFor } from "./order";
import { Used } from "./used";

/** Arguments of Services. */
export interface ServicesArgs {
  readonly platform: Platform;
  /** All platforms of the environment, whose networks and files this one may use. @default only its own */
  readonly platforms?: readonly Platform[];
  /** The registry for built images; needed when a service's image is `{ build }`. */
  readonly registry?: Registry;
}

/**
 * The services of a platform, and one Rollout that waits until all of them run.
 *
 * @example
 * new Services("demo-services", { platform, registry });
 */
export class Services extends pulumi.ComponentResource {
  public readonly services: ReadonlyMap<string, Service>;
  /** Created when all tasks run and stay running. */
  public readonly rollout: Rollout;

  private readonly platform: Platform;
  private readonly used: Used;
  private readonly images: ReadonlyMap<string, pulumi.Output<string>>;
  /** Built images are on the nodes where tasks may land. */
  private readonly brought: readonly pulumi.Resource[];

  constructor(name: string, args: ServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:services:Services", name, { platform: args.platform.platform }, opts);
    this.platform = args.platform;
    this.used = new Used(args.platform, args.platforms ?? []);
    this.images = this.build(args);
    this.brought = args.registry?.bring?.(args.platform.platform, [...this.images.values()]) ?? [];
    this.services = this.makeServices(name, args);
    this.rollout = this.makeRollout(name);
    this.registerOutputs({ services: [...this.services.keys()] });
  }

  private build({ platform, registry }: ServicesArgs): ReadonlyMap<string, pulumi.Output<string>> {
    const { images, folder } = platform.plan;
    const built = new Map<string, pulumi.Output<string>>();
    for (const [key, build] of Object.entries(images)) {
      if (registry === undefined) throw new pulumi.RunError(`image ${key} needs a registry`);
      built.set(key, registry.build(`${platform.platform}/${key}`, build, folder));
    }
    return built;
  }

  private imageOf(image: ImagePlan): pulumi.Input<string> {
    if (image.kind === "reference") return image.reference;
    const built = this.images.get(image.build);
    if (built === undefined) {
      throw new pulumi.RunError(`image ${image.build} is not built by this platform`);
    }
    return built;
  }

  /** A service as the swarm gets it, with the final names of its image, secrets and configs. */
  private argsOf({ dependsOn: _, image, secrets, configs, ...same }: ServicePlan): ServiceArgs {
    return {
      ...same,
      image: this.imageOf(image),
      secrets: this.named(secrets, "secrets"),
      configs: this.named(configs, "configs"),
    };
  }

  private named(
    references: { readonly [target: string]: FileReference } | undefined,
    section: "secrets" | "configs",
  ): ServiceArgs["secrets"] {
    if (references === undefined) return undefined;
    return mapValues(references, (file) => {
      const source: pulumi.Input<string> = this.used.file(section, file.source) ?? file.source;
      return { ...file, source };
    });
  }

  private makeServices(name: string, args: ServicesArgs): ReadonlyMap<string, Service> {
    const { plan, swarm } = this.platform;
    const waited = waitedFor(plan.services);
    const made = new Map<string, Service>();
    for (const key of inDependencyOrder(plan.services)) {
      const service = plan.services[key];
      if (service === undefined) continue;
      const before = Object.keys(service.dependsOn).flatMap((other) => made.get(other) ?? []);
      made.set(
        key,
        new Service(
          `${name}-${key}`,
          {
            ...this.argsOf(service),
            ...waiting(waited.get(key), plan.rollout?.timeout),
          },
          pulumi.mergeOptions(swarm.on(this), {
            dependsOn: [
              ...this.platform.ready,
              ...this.used.volumesFor(service),
              ...(args.registry?.ready ?? []),
              ...this.brought,
              ...before,
            ],
            replaceWith: [...this.used.networksFor(service)],
          }),
        ),
      );
    }
    return made;
  }

  private makeRollout(name: string): Rollout {
    const { plan, swarm } = this.platform;
    const services = [...this.services].map(([key, service]) => [
      key,
      { name: service.name, revision: service.revision },
    ]);
    return new Rollout(
      `${name}-rollout`,
      { services: Object.fromEntries(services), ...plan.rollout },
      swarm.on(this),
    );
  }
}

/** Only what another service depends on waits on its own: the Rollout waits for the rest. */
function waiting(
  waitFor: "started" | "running" | undefined,
  timeout: string | undefined,
): Pick<ServiceArgs, "wait" | "waitFor" | "timeout"> {
  if (waitFor === undefined) return {};
  return { wait: true, timeout, ...(waitFor === "started" ? { waitFor } : {}) };
}
