import type * as pulumi from "@pulumi/pulumi";
import type {
  ConfigPlan,
  NetworkPlan,
  Owner,
  SecretPlan,
  ServicePlan,
  VolumePlan,
} from "../model/platform/plan";
import type { Platform } from "../platform/platform";
import type { Network } from "../resources/resources";

/** What the services of a platform use: of their own platform, and of others in the environment. */
export class Used {
  private readonly platform: Platform;
  private readonly others: ReadonlyMap<string, Platform>;

  constructor(platform: Platform, all: readonly Platform[]) {
    this.platform = platform;
    this.others = new Map(all.map((one) => [one.platform, one]));
  }

  /**
   * Networks that a service joins and that this program makes. Docker cannot modify a network, nor remove
   * one in use: a service goes before its network and is recreated after it.
   */
  public networksFor(service: ServicePlan): readonly Network[] {
    return Object.keys(service.networks).flatMap((key) => {
      const { maker, key: own } = this.makerOf(key, ownerIn(this.platform.plan.networks[key]));
      return maker?.network(own) ?? [];
    });
  }

  /** What makes and fills the volumes of other platforms that a service mounts. */
  public volumesFor(service: ServicePlan): readonly pulumi.Resource[] {
    const mounted = Object.values(service.mounts ?? {}).map(({ source }) => source);
    return Object.values(this.platform.plan.volumes).flatMap((volume) => {
      const owner = ownerIn(volume);
      if (owner === undefined || !mounted.includes(volume.name)) return [];
      return this.others.get(owner.platform)?.volume(owner.key) ?? [];
    });
  }

  /** Real name of the secret or config under a key, which changes with its content. */
  public file(section: "secrets" | "configs", key: string): pulumi.Output<string> | undefined {
    const { maker, key: own } = this.makerOf(key, ownerIn(this.platform.plan[section][key]));
    return (maker ?? this.platform)[section].get(own)?.name;
  }

  private makerOf(key: string, owner: Owner | undefined) {
    if (owner === undefined) return { maker: this.platform, key };
    return { maker: this.others.get(owner.platform), key: owner.key };
  }
}

function ownerIn(thing: NetworkPlan | VolumePlan | SecretPlan | ConfigPlan | undefined) {
  return thing?.kind === "external" ? thing.owner : undefined;
}
