import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../model/platform/service-spec";
import type { Platform } from "../platform/platform";
import type { Registry } from "../registry/registry";
import { Rollout, Service } from "../resources/resources";
import { serviceArgs } from "./inputs";
import { inDependencyOrder, waitedFor } from "./order";

/** Arguments of Services. */
export interface ServicesArgs {
  readonly platform: Platform;
  /** Where images are built to; needed when a service's image is `{ build }`. */
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
  /** Made when all tasks run and stay running. */
  public readonly rollout: Rollout;

  private readonly platform: Platform;
  private readonly images: ReadonlyMap<string, pulumi.Output<string>>;
  /** Built images are where tasks may land. */
  private readonly brought: readonly pulumi.Resource[];

  constructor(name: string, args: ServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:services:Services", name, { platform: args.platform.platform }, opts);
    this.platform = args.platform;
    this.images = this.build(args);
    this.brought = args.registry?.bring?.(args.platform.platform, [...this.images.values()]) ?? [];
    this.services = this.makeServices(name, args);
    this.rollout = this.makeRollout(name);
    this.registerOutputs({ services: [...this.services.keys()] });
  }

  private build({ platform, registry }: ServicesArgs): ReadonlyMap<string, pulumi.Output<string>> {
    const { images, folder } = platform.spec;
    const built = new Map<string, pulumi.Output<string>>();
    for (const [key, build] of Object.entries(images ?? {})) {
      if (registry === undefined) throw new pulumi.RunError(`image ${key} needs a registry`);
      built.set(key, registry.build(`${platform.platform}/${key}`, build, folder));
    }
    return built;
  }

  private imageOf(spec: ServiceSpec): pulumi.Input<string> {
    if (typeof spec.image === "string") return spec.image;
    const built = this.images.get(spec.image.build);
    if (built === undefined) throw new pulumi.RunError(`no image ${spec.image.build} is built`);
    return built;
  }

  private makeServices(name: string, args: ServicesArgs): ReadonlyMap<string, Service> {
    const { spec, swarm } = this.platform;
    const waited = waitedFor(spec.services);
    const made = new Map<string, Service>();
    for (const key of inDependencyOrder(spec.services)) {
      const service = spec.services[key];
      if (service === undefined) continue;
      const before = (service.dependsOn ?? []).flatMap((other) => made.get(other) ?? []);
      made.set(
        key,
        new Service(
          `${name}-${key}`,
          {
            ...serviceArgs(key, service, this.platform),
            image: this.imageOf(service),
            ...(waited.has(key) ? { wait: true, timeout: spec.rollout?.timeout } : {}),
          },
          pulumi.mergeOptions(swarm.on(this), {
            dependsOn: [
              ...this.platform.ready,
              ...(args.registry?.ready ?? []),
              ...this.brought,
              ...before,
            ],
            replaceWith: [...this.platform.networksMadeFor(service)],
          }),
        ),
      );
    }
    return made;
  }

  private makeRollout(name: string): Rollout {
    const { spec, swarm } = this.platform;
    const services = [...this.services].map(([key, service]) => [
      key,
      { name: service.name, revision: service.revision },
    ]);
    return new Rollout(
      `${name}-rollout`,
      { services: Object.fromEntries(services), ...spec.rollout },
      swarm.on(this),
    );
  }
}
