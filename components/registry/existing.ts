import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { ownRepositories, repositoryPath } from "../config/environment/repositories";
import type { ImageBuild } from "../model/platform/spec";
import { loginFor } from "./logins";
import { pushedImage } from "./push";
import type { Registry } from "./registry";

/** Arguments of an ExistingRegistry. */
export interface ExistingRegistryArgs {
  readonly environment: Pick<Environment, "name" | "prefix" | "registries">;
  /** Host and path, such as `ghcr.io/my-team`. */
  readonly address: string;
}

/**
 * Pushes images built here to an existing registry, with the login that
 * `swarmyard:registries` has for its host. Nodes pull with the login in the services' specs.
 *
 * @example
 * const registry = new ExistingRegistry("registry", { environment, address: "ghcr.io/my-team" });
 */
export class ExistingRegistry extends pulumi.ComponentResource implements Registry {
  public readonly ready: readonly pulumi.Resource[] = [];
  private readonly name: string;
  private readonly args: ExistingRegistryArgs;

  constructor(name: string, args: ExistingRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:registry:Existing", name, { address: args.address }, opts);
    this.name = name;
    this.args = args;
    this.registerOutputs({ address: args.address });
  }

  public build(key: string, build: ImageBuild, folder: string): pulumi.Output<string> {
    const { environment, address } = this.args;
    // One word: Docker Hub has no deeper paths than organization and repository.
    const path = repositoryPath(ownRepositories(environment), key).replaceAll("/", "-");
    const login = loginFor(address, environment.registries);
    return pushedImage(
      this.name,
      key,
      {
        build,
        folder,
        repository: `${address}/${path}`,
        localName: `swarmyard/${path}`,
        login: login ?? { user: "", password: "" },
      },
      { parent: this },
    );
  }
}
