import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import type { LocalNetwork } from "../network/local";
import { LocalRegistry } from "./local";
import type { Registry } from "./registry";

export { LocalRegistry, type LocalRegistryArgs } from "./local";
export type { Registry } from "./registry";

/**
 * Makes the registry for images that are built here; undefined without a local network.
 */
export function createRegistry(
  environment: Environment,
  surroundings: { readonly network?: LocalNetwork },
  opts?: pulumi.ComponentResourceOptions,
): Registry | undefined {
  const { network } = surroundings;
  if (network === undefined) return undefined;
  return new LocalRegistry("registry", { environment, network }, opts);
}
