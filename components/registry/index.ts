import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import type { Networks } from "../network";
import { lazily } from "../runtime/lazily";
import type { Swarm } from "../swarm/swarm";
import type { Registry } from "./registry";

export { registryLogins } from "./logins";

/** What a registry is attached to. */
export interface RegistrySurroundings {
  readonly network: Networks;
  /** Its hosts pull from the registry. */
  readonly swarm: Swarm;
}

/** Creates the registry for images that are built here; undefined for `registry.kind: none`. */
export async function createRegistry(
  environment: Environment,
  { network, swarm }: RegistrySurroundings,
  opts: pulumi.ComponentResourceOptions = {},
): Promise<Registry | undefined> {
  const settings = environment.registry;
  if (settings.kind === "none") return undefined;
  if (settings.kind === "existing") {
    const { ExistingRegistry } = await lazily(
      () => import("./existing.js"),
      () => require("./existing"),
    );
    return new ExistingRegistry("registry", { environment, address: settings.address }, opts);
  }
  if (settings.kind === "swarm" && environment.share.kind !== "none") {
    const { SwarmRegistry } = await lazily(
      () => import("./swarm.js"),
      () => require("./swarm"),
    );
    return new SwarmRegistry(
      "registry",
      { environment, swarm, sharePath: environment.share.path },
      opts,
    );
  }
  if (settings.kind === "local" && network.local !== undefined) {
    const { LocalRegistry } = await lazily(
      () => import("./local.js"),
      () => require("./local"),
    );
    return new LocalRegistry("registry", { environment, network: network.local }, opts);
  }
  if (settings.kind === "ecr" && network.aws !== undefined) {
    const { EcrRegistry } = await lazily(
      () => import("./ecr.js"),
      () => require("./ecr"),
    );
    const { provider } = network.aws;
    return new EcrRegistry("registry", { environment, hosts: swarm.hosts }, { ...opts, provider });
  }
  throw new Error(`a registry of kind ${settings.kind} needs hosts of that kind`);
}
