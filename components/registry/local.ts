import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { localInfrastructure, registryHostPort } from "../config/environment/addresses";
import type { Environment } from "../config/environment/environment";
import { repositoryPath } from "../config/environment/repositories";
import { type EngineImageArgs, engineImage } from "../local-engine/image";
import { localName, stackLabels } from "../local-engine/labels";
import { containerLogs } from "../local-engine/logs";
import { buildArguments, FIRST_ENGINE, type LocalEngine } from "../model/local-engines";
import type { ImageBuild } from "../model/platform/spec";
import type { LocalNetwork } from "../network/local/network";
import { REGISTRY_NAME, REGISTRY_PORT } from "../network/local/ports";
import { type BuiltImage, builtImage } from "./build";
import { commandHere } from "./command";
import { pushScript } from "./push-script";
import { byDigest } from "./reference";
import type { Registry } from "./registry";

/** Arguments of a LocalRegistry. */
export interface LocalRegistryArgs {
  readonly environment: Pick<Environment, "name">;
  readonly network: LocalNetwork;
}

/** What the registry's image is built from. The folder of Debian 12's is an input of resources that exist. */
export function registryImage(engine: LocalEngine): EngineImageArgs {
  const repository = "swarmyard/registry";
  return engine === FIRST_ENGINE
    ? { repository, folder: join(__dirname, "image") }
    : { repository, folder: __dirname, args: buildArguments(engine) };
}

/**
 * A registry on the network of the local hosts, for images built on this machine. Its images are
 * on a named volume that is deleted with the stack.
 *
 * @example
 * const registry = new LocalRegistry("registry", { environment, network });
 * const api = registry.build("demo/api", { context: "api" }, "/path/of/platforms/demo");
 */
export class LocalRegistry extends pulumi.ComponentResource implements Registry {
  public readonly ready: readonly pulumi.Resource[];
  public readonly pullAddress = `${REGISTRY_NAME}:${REGISTRY_PORT}`;
  /** Host and port to which this machine's Docker engine pushes. */
  public readonly pushAddress: string;
  private readonly name: string;
  private readonly environment: LocalRegistryArgs["environment"];
  /** Images share layers: once pushed, they are available to the images that follow. */
  private firstPush?: docker.RegistryImage;
  private lastBuild: pulumi.Resource | undefined;

  constructor(name: string, args: LocalRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:registry:Local", name, {}, opts);
    this.name = name;
    this.environment = args.environment;
    const port = registryHostPort(args.environment.name, args.network.settings);
    this.pushAddress = `127.0.0.1:${port}`;
    const data = new docker.Volume(
      `${name}-data`,
      {
        name: localName(args.environment.name, "registry"),
        driver: "local",
        labels: stackLabels("registry-data"),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.ready = [this.serve(name, args, data, port)];
    this.registerOutputs({ pullAddress: this.pullAddress, pushAddress: this.pushAddress });
  }

  public build(key: string, build: ImageBuild, folder: string): pulumi.Output<string> {
    const repository = repositoryPath(this.environment.name, key);
    const image = builtImage(
      `${this.name}-image-${key}`,
      { repository: `${this.pushAddress}/${repository}`, build, folder },
      {
        parent: this,
        // One at a time: images with the same first layers then build those only once.
        dependsOn: this.lastBuild === undefined ? [] : [this.lastBuild],
      },
    );
    this.lastBuild = image.made;
    const digest = image.platforms.length === 0 ? this.push(key, image) : this.pushList(key, image);
    return digest.apply((known) => byDigest(`${this.pullAddress}/${repository}`, known));
  }

  private push(key: string, image: BuiltImage): pulumi.Output<string> {
    const pushed = new docker.RegistryImage(
      `${this.name}-push-${key}`,
      {
        name: image.name,
        keepRemotely: true,
        // The registry needs no login, but a Docker engine refuses to push without one.
        authConfig: { address: `http://${this.pushAddress}`, username: "swarmyard", password: "-" },
      },
      {
        parent: this,
        dependsOn: [
          image.made,
          ...this.ready,
          ...(this.firstPush === undefined ? [] : [this.firstPush]),
        ],
      },
    );
    this.firstPush ??= pushed;
    return pushed.sha256Digest;
  }

  /** The Docker plugin pushes no list of images. */
  private pushList(key: string, { name, platforms, made }: BuiltImage): pulumi.Output<string> {
    const { text, stdin } = pushScript("login", platforms);
    const input = name.apply((image) =>
      stdin({ here: image, there: image, login: { user: "", password: "" } }),
    );
    const dependsOn = [made, ...this.ready];
    return commandHere(`${this.name}-push-${key}`, text, input, { parent: this, dependsOn }).stdout;
  }

  private serve(
    name: string,
    args: LocalRegistryArgs,
    data: docker.Volume,
    port: number,
  ): docker.Container {
    const { environment, network } = args;
    const image = engineImage(`${name}-image`, registryImage(network.settings.engine), {
      parent: this,
    });
    return new docker.Container(
      `${name}-server`,
      {
        name: localName(environment.name, "registry"),
        image: image.imageId,
        // Any other mode would attach the container before its fixed address is set.
        networkMode: "bridge",
        networksAdvanced: [
          {
            name: network.networkName,
            aliases: [REGISTRY_NAME],
            ipv4Address: localInfrastructure(network.settings).registry,
          },
        ],
        ports: [{ internal: REGISTRY_PORT, external: port, ip: "127.0.0.1", protocol: "tcp" }],
        mounts: [{ type: "volume", source: data.name, target: "/var/lib/registry" }],
        healthcheck: { tests: ["CMD", "health"], interval: "1s", timeout: "10m0s", retries: 1 },
        wait: true,
        waitTimeout: 60,
        labels: stackLabels("registry"),
        ...containerLogs,
        init: true,
        restart: "unless-stopped",
        mustRun: false,
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }
}
