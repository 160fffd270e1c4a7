import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Carried, carried } from "../model/bytes";
import type {
  ConfigPlan,
  NodeVolumePlan,
  PlatformPlan,
  SharedVolumePlan,
} from "../model/platform/plan";
import { Config, Creations, Network, Volume } from "../resources/resources";
import type { Share } from "../share/share";
import type { Swarm } from "../swarm/swarm";
import { makeDirectory } from "./directories";
import { mountedAbove, mountedFolders } from "./mounted";
import { makeSecrets } from "./secrets";
import { seedVolume } from "./seed";

/** Arguments of a Platform. */
export interface PlatformArgs {
  /** Name of the deployment. */
  readonly platform: string;
  readonly plan: PlatformPlan;
  readonly swarm: Swarm;
  /** The folder every host sees, where shared volumes are. */
  readonly share?: Share;
  /** Folders of the nodes that containers of any platform may write into. @default those of this one */
  readonly mounted?: readonly string[];
}

/** A secret or config as a service's files need it. */
export interface PlatformFile {
  /** Real name, which changes with the content. */
  readonly name: pulumi.Output<string>;
}

/**
 * What the services of one deployment share: networks, volumes with their seed, secrets, configs.
 *
 * @example
 * new Platform("demo", { platform: "demo", plan, swarm, share });
 */
export class Platform extends pulumi.ComponentResource {
  public readonly platform: string;
  public readonly plan: PlatformPlan;
  public readonly swarm: Swarm;
  public readonly secrets: ReadonlyMap<string, PlatformFile>;
  public readonly configs: ReadonlyMap<string, PlatformFile>;
  /** Wait for these before a service is created. */
  public readonly ready: readonly pulumi.Resource[];

  private readonly share: Share | undefined;
  private readonly mounted: readonly string[];
  private readonly made: pulumi.Resource[] = [];
  private readonly networks = new Map<string, Network>();
  private readonly volumes = new Map<string, readonly pulumi.Resource[]>();

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:platform:Platform", name, { platform: args.platform }, opts);
    this.platform = args.platform;
    this.plan = args.plan;
    this.swarm = args.swarm;
    this.share = args.share;
    this.mounted = args.mounted ?? mountedFolders([args.plan]);

    this.makeNetworks(name);
    this.makeDirectories(name);
    this.makeVolumes(name);
    this.makeCreations(name);
    this.secrets = makeSecrets(name, args.plan.secrets, {
      opts: this.swarm.on(this),
      read: (file) => this.read(file),
    });
    this.configs = mapOf(args.plan.configs, (key, plan) => this.makeConfig(name, key, plan));
    this.ready = this.made;
    const names = Object.entries(args.plan.networks).map(([key, network]) => [key, network.name]);
    this.registerOutputs({ networks: Object.fromEntries(names) });
  }

  /** The network of this platform under a key; undefined when it makes none there. */
  public network(key: string): Network | undefined {
    return this.networks.get(key);
  }

  /** What makes and fills the volume under a key, before services mount it. */
  public volume(key: string): readonly pulumi.Resource[] {
    return this.volumes.get(key) ?? [];
  }

  private makeNetworks(name: string): void {
    for (const [key, plan] of Object.entries(this.plan.networks)) {
      if (plan.kind === "external") continue;
      const { kind: _, ...args } = plan;
      const network = new Network(`${name}-network-${key}`, args, this.swarm.on(this));
      this.made.push(network);
      this.networks.set(key, network);
    }
  }

  private makeDirectories(name: string): void {
    for (const [path, directory] of Object.entries(this.plan.directories ?? {})) {
      for (const host of this.swarm.hosts) {
        const made = `${name}-directory-${path}-${host.name}`;
        const args = { host, ...this.placed(path), ...directory };
        this.made.push(makeDirectory(made, args, { parent: this }));
      }
    }
  }

  /** A directory of the nodes, with the folder above it that containers may write into. */
  private placed(path: string): { readonly path: string; readonly mounted?: string } {
    const mounted = mountedAbove(path, this.mounted);
    return mounted === undefined ? { path } : { path, mounted };
  }

  /** It goes after the services, which create them, and before the networks, which they use. */
  private makeCreations(name: string): void {
    const { creates } = this.plan;
    if (creates === undefined || Object.keys(creates).length === 0) return;
    const networks = [...this.networks.values()];
    const on = { dependsOn: networks, replaceWith: networks };
    const opts = pulumi.mergeOptions(this.swarm.on(this), on);
    this.made.push(new Creations(`${name}-creations`, { labels: creates }, opts));
  }

  private makeVolumes(name: string): void {
    for (const [key, volume] of Object.entries(this.plan.volumes)) {
      if (volume.kind === "external") continue;
      const before = this.made.length;
      const owned = volume.everyNode || volume.onDelete === "remove";
      const made = owned ? this.volumeOnNodes(`${name}-volume-${key}`, volume) : new Map();
      if (volume.kind === "shared") this.fillShared(`${name}-seed-${key}`, volume, made);
      else this.fillOnNodes(`${name}-seed-${key}`, volume, made);
      this.volumes.set(key, this.made.slice(before));
    }
  }

  /** One host does it for all; it lives as long as the share. */
  private fillShared(name: string, volume: SharedVolumePlan, made: VolumesByHost): void {
    for (const host of this.swarm.hosts) {
      if (host.name !== this.swarm.settings.firstManager) continue;
      const args = { host, volume, folder: this.plan.folder, mounted: this.mounted };
      const replaceWith = [...(this.share?.ready ?? [])];
      const dependsOn = listOf(made.get(host.name));
      this.made.push(seedVolume(name, args, { parent: this, dependsOn, replaceWith }));
    }
  }

  /** Each node fills its own, once it is made; the data goes with the volume. */
  private fillOnNodes(name: string, volume: NodeVolumePlan, made: VolumesByHost): void {
    const { seed, device, directory } = volume;
    const isEmpty = Object.keys(seed).length === 0;
    for (const host of this.swarm.hosts) {
      if (isEmpty && device === undefined) continue;
      if (isEmpty && device !== undefined) {
        // A directory that a volume binds has to exist before a task mounts it.
        const args = { host, ...this.placed(device), ...directory };
        this.made.push(makeDirectory(`${name}-${host.name}`, args, { parent: this }));
        continue;
      }
      const args = { host, volume, folder: this.plan.folder, mounted: this.mounted };
      const own = listOf(made.get(host.name));
      const opts = { parent: this, dependsOn: own, replaceWith: own };
      this.made.push(seedVolume(`${name}-${host.name}`, args, opts));
    }
  }

  private volumeOnNodes(name: string, plan: NodeVolumePlan | SharedVolumePlan): VolumesByHost {
    const { name: real, driver, driverOptions, labels, onDelete } = plan;
    const volumes = this.swarm.hosts.map((host) => {
      const made = new Volume(
        `${name}-${host.name}`,
        // Empty text leaves the driver to Docker.
        {
          node: host.name,
          name: real,
          driver: driver || undefined,
          driverOptions,
          labels,
          onDelete,
        },
        this.swarm.onNode(this, host),
      );
      return [host.name, made] as const;
    });
    this.made.push(...volumes.map(([, made]) => made));
    return new Map(volumes);
  }

  private makeConfig(name: string, key: string, plan: ConfigPlan): PlatformFile {
    if (plan.kind === "external") return { name: pulumi.output(plan.name) };
    const { name: base, labels, templateDriver } = plan;
    const content = plan.kind === "content" ? { data: plan.content } : this.read(plan.file);
    return new Config(
      `${name}-config-${key}`,
      { base, ...content, templateDriver, labels },
      this.swarm.on(this),
    );
  }

  private read(file: string): Carried {
    return carried(fs.readFileSync(path.resolve(this.plan.folder, file)));
  }
}

/** Volumes that are resources, by the name of their host. */
type VolumesByHost = ReadonlyMap<string, Volume>;

function mapOf<T, R>(
  record: { readonly [key: string]: T },
  make: (key: string, value: T) => R,
): ReadonlyMap<string, R> {
  return new Map(Object.entries(record).map(([key, value]) => [key, make(key, value)]));
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
