import * as ecr from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { ownRepositories, repositoryPath } from "../config/environment/repositories";
import type { Host } from "../hosts/host";
import { remoteCommand } from "../hosts/remote";
import type { ImageBuild } from "../model/platform/spec";
import { pullScript, renewScript } from "./ecr-scripts";
import { pushedImage } from "./push";
import type { Registry } from "./registry";

/** Number of images that a repository keeps: the most recently pushed. */
const keptImages = 30;

/** Arguments of an EcrRegistry. */
export interface EcrRegistryArgs {
  readonly environment: Pick<Environment, "name" | "prefix">;
  /** Hosts whose role may read the environment's repositories. */
  readonly hosts: readonly Host[];
}

/**
 * Pushes images built here to ECR, one repository each. Hosts pull them by digest with their
 * role before services need them, and a timer on the managers renews the tokens in the services'
 * specs, for tasks that swarm moves later. No token is ever in the state.
 *
 * @example
 * const registry = new EcrRegistry("registry", { environment, hosts }, { provider });
 */
export class EcrRegistry extends pulumi.ComponentResource implements Registry {
  public readonly ready: readonly pulumi.Resource[] = [];
  private readonly name: string;
  private readonly args: EcrRegistryArgs;
  private renewing = false;

  constructor(name: string, args: EcrRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:registry:Ecr", name, {}, opts);
    this.name = name;
    this.args = args;
    this.registerOutputs({});
  }

  public build(key: string, build: ImageBuild, folder: string): pulumi.Output<string> {
    const repository = this.repository(key);
    const root = ownRepositories(this.args.environment);
    this.renewTokens(repository);
    return pushedImage(
      this.name,
      key,
      {
        build,
        folder,
        repository: repository.repositoryUrl,
        localName: `swarmyard/${repositoryPath(root, key)}`,
        login: "ecr",
      },
      { parent: this },
    );
  }

  public bring(
    key: string,
    images: readonly pulumi.Output<string>[],
    opts: pulumi.CustomResourceOptions = {},
  ): readonly pulumi.Resource[] {
    if (images.length === 0) return [];
    const { text, stdin: valuesOf } = pullScript();
    const stdin = pulumi.all([...images]).apply(valuesOf);
    return this.args.hosts.map((host) =>
      remoteCommand(
        `${this.name}-pull-${key}-${host.name}`,
        { host, create: text, update: text, stdin, timeout: 1800 },
        pulumi.mergeOptions({ parent: this }, opts),
      ),
    );
  }

  private repository(key: string): ecr.Repository {
    const root = ownRepositories(this.args.environment);
    const repository = new ecr.Repository(
      `${this.name}-repository-${key}`,
      {
        name: repositoryPath(root, key),
        // A tag is the hash of what it was built from.
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        // Its content can be rebuilt.
        forceDelete: true,
      },
      { parent: this },
    );
    new ecr.LifecyclePolicy(
      `${this.name}-kept-${key}`,
      { repository: repository.name, policy: keepLast(keptImages) },
      { parent: this, deletedWith: repository },
    );
    return repository;
  }

  /** On every manager, when the first repository is made: then the registry's host is known. */
  private renewTokens(repository: ecr.Repository): void {
    if (this.renewing) return;
    this.renewing = true;
    const { text, stdin } = renewScript();
    for (const host of this.args.hosts.filter(({ settings }) => settings.role === "manager")) {
      remoteCommand(
        `${this.name}-tokens-${host.name}`,
        {
          host,
          create: text,
          update: text,
          stdin: repository.repositoryUrl.apply(stdin),
        },
        { parent: this },
      );
    }
  }
}

/** Lifecycle policy of a repository. */
export function keepLast(count: number): string {
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Keep the ${count} images that were pushed last`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: count },
        action: { type: "expire" },
      },
    ],
  });
}
