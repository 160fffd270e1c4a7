import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../model/platform/service-spec";
import type { ConfigSpec, PlatformSpec, SecretSpec, VolumeSpec } from "../model/platform/spec";
import { Config, Network, Secret, Volume } from "../resources/resources";
import type { Share } from "../share/share";
import type { Swarm } from "../swarm/swarm";
import { attachmentsOf, namespaceLabel, networksOf, realName, volumeDriver } from "./names";
import { seedVolume } from "./seed";

/** Arguments of a Platform. */
export interface PlatformArgs {
  /** Name of the deployment; prefix of its names on the swarm. */
  readonly platform: string;
  readonly spec: PlatformSpec;
  readonly swarm: Swarm;
  /** The folder every host sees; needed when a volume is `shared`. */
  readonly share?: Share;
}

/** A volume as a service's mounts need it. */
export interface PlatformVolume {
  readonly name: string;
  readonly driver?: string;
  readonly driverOptions?: { readonly [key: string]: string };
}

/** A secret or config as a service's files need it. */
export interface PlatformFile {
  /** Real name, which changes with the content. */
  readonly name: pulumi.Output<string>;
}

/** A volume to fill. */
interface Filling {
  readonly volume: PlatformVolume;
  readonly spec: VolumeSpec;
  /** Its folder on the share. */
  readonly folder?: string;
  /** The volume itself by host, where it is a resource. */
  readonly made: ReadonlyMap<string, Volume>;
}

/**
 * What the services of one deployment share: networks, volumes with their seed, secrets, configs.
 *
 * @example
 * new Platform("demo", { platform: "demo", spec, swarm, share });
 */
export class Platform extends pulumi.ComponentResource {
  public readonly platform: string;
  public readonly spec: PlatformSpec;
  public readonly swarm: Swarm;
  /** Real names of the networks, by key. */
  public readonly networks: ReadonlyMap<string, string>;
  public readonly volumes: ReadonlyMap<string, PlatformVolume>;
  public readonly secrets: ReadonlyMap<string, PlatformFile>;
  public readonly configs: ReadonlyMap<string, PlatformFile>;
  /** Wait for these before a service is made. */
  public readonly ready: readonly pulumi.Resource[];

  private readonly share: Share | undefined;
  private readonly made: pulumi.Resource[] = [];
  private readonly madeNetworks = new Map<string, Network>();
  private readonly labels: { readonly [key: string]: string };

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:platform:Platform", name, { platform: args.platform }, opts);
    this.platform = args.platform;
    this.spec = args.spec;
    this.swarm = args.swarm;
    this.share = args.share;
    this.labels = { [namespaceLabel]: args.platform };

    this.networks = this.makeNetworks(name);
    this.volumes = this.makeVolumes(name);
    this.secrets = mapOf(args.spec.secrets, (key, spec) => this.makeSecret(name, key, spec));
    this.configs = mapOf(args.spec.configs, (key, spec) => this.makeConfig(name, key, spec));
    this.ready = this.made;
    this.registerOutputs({ networks: Object.fromEntries(this.networks) });
  }

  /**
   * Networks of this platform that a service joins. Docker changes nothing of a network, and removes
   * none that is used: a service goes before its network and is made anew after it.
   */
  public networksMadeFor(service: ServiceSpec): readonly Network[] {
    const keys = Object.keys(attachmentsOf(service, this.spec));
    return keys.flatMap((key) => this.madeNetworks.get(key) ?? []);
  }

  private makeNetworks(name: string): ReadonlyMap<string, string> {
    return mapOf(networksOf(this.spec), (key, spec) => {
      const real = realName(this.platform, key, spec.name);
      if (spec.external ?? false) return real;
      const network = new Network(
        `${name}-network-${key}`,
        {
          name: real,
          driver: spec.driver,
          subnet: spec.subnet,
          gateway: spec.gateway,
          attachable: spec.attachable,
          internal: spec.internal,
          encrypted: spec.encrypted,
          options: spec.options,
          labels: { ...this.labels, ...spec.labels },
        },
        this.swarm.on(this),
      );
      this.made.push(network);
      this.madeNetworks.set(key, network);
      return real;
    });
  }

  private makeVolumes(name: string): ReadonlyMap<string, PlatformVolume> {
    return mapOf(this.spec.volumes, (key, spec) => {
      const real = realName(this.platform, key, spec.name);
      if (spec.external ?? false) return { name: real };
      const folder =
        (spec.shared ?? false) && this.share !== undefined
          ? `${this.share.path}/${this.platform}/${key}`
          : undefined;
      const volume = { name: real, ...volumeDriver(spec, folder ?? "") };
      const owned = (spec.everyNode ?? false) || spec.onDelete === "remove";
      const made = owned ? this.volumeOnNodes(`${name}-volume-${key}`, volume, spec) : new Map();
      this.fillVolume(`${name}-seed-${key}`, { volume, spec, folder, made });
      return volume;
    });
  }

  /** On the share one host does it for all; other volumes are filled on each node, once they are made. */
  private fillVolume(name: string, { volume, spec, folder, made }: Filling): void {
    if (folder === undefined && spec.seed === undefined) return;
    const { hosts } = this.swarm;
    const first = hosts.filter((host) => host.name === this.swarm.settings.firstManager);
    for (const host of folder === undefined ? hosts : first) {
      // What is on the share lives as long as the share; other data goes with its volume.
      const emptiedBy =
        folder === undefined ? listOf(made.get(host.name)) : (this.share?.ready ?? []);
      this.made.push(
        seedVolume(
          folder === undefined ? `${name}-${host.name}` : name,
          { host, volume: volume.name, spec, sharedFolder: folder, folder: this.spec.folder },
          { parent: this, dependsOn: listOf(made.get(host.name)), replaceWith: [...emptiedBy] },
        ),
      );
    }
  }

  private volumeOnNodes(
    name: string,
    volume: PlatformVolume,
    spec: VolumeSpec,
  ): ReadonlyMap<string, Volume> {
    const volumes = this.swarm.hosts.map((host) => {
      const made = new Volume(
        `${name}-${host.name}`,
        {
          node: host.name,
          name: volume.name,
          driver: volume.driver,
          driverOptions: { ...volume.driverOptions },
          labels: { ...this.labels, ...spec.labels },
          onDelete: spec.onDelete ?? "keep",
        },
        this.swarm.onNode(this, host),
      );
      return [host.name, made] as const;
    });
    this.made.push(...volumes.map(([, made]) => made));
    return new Map(volumes);
  }

  private makeSecret(name: string, key: string, spec: SecretSpec): PlatformFile {
    if (spec.external !== undefined) return { name: pulumi.output(spec.external) };
    const source =
      spec.random === undefined
        ? { data: pulumi.secret(this.secretValue(spec)) }
        : { random: spec.random };
    const secret = new Secret(
      `${name}-secret-${key}`,
      {
        base: realName(this.platform, key),
        ...source,
        labels: { ...this.labels, ...spec.labels },
      },
      this.swarm.on(this),
    );
    return secret;
  }

  private secretValue(spec: SecretSpec): pulumi.Input<string> {
    if (spec.config !== undefined) return new pulumi.Config().requireSecret(spec.config);
    return fs.readFileSync(path.resolve(this.spec.folder, spec.file ?? ""), "utf8");
  }

  private makeConfig(name: string, key: string, spec: ConfigSpec): PlatformFile {
    if (spec.external !== undefined) return { name: pulumi.output(spec.external) };
    const data =
      spec.content ?? fs.readFileSync(path.resolve(this.spec.folder, spec.file ?? ""), "utf8");
    return new Config(
      `${name}-config-${key}`,
      {
        base: realName(this.platform, key),
        data,
        templateDriver: spec.templateDriver,
        labels: { ...this.labels, ...spec.labels },
      },
      this.swarm.on(this),
    );
  }
}

function mapOf<T, R>(
  record: { readonly [key: string]: T } | undefined,
  make: (key: string, value: T) => R,
): ReadonlyMap<string, R> {
  return new Map(Object.entries(record ?? {}).map(([key, value]) => [key, make(key, value)]));
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
