import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { LocalNetwork } from "./local";

export { LocalEntry, type LocalEntryArgs } from "./entry";
export type { EntryPort } from "./entry-config";
export { LocalNetwork, type LocalNetworkArgs } from "./local";

/** Makes the network of an environment's hosts on this machine; undefined when it has none. */
export function createNetwork(
  environment: Environment,
  opts?: pulumi.ComponentResourceOptions,
): LocalNetwork | undefined {
  if (!environment.hosts.some((host) => host.kind === "local")) return undefined;
  return new LocalNetwork("network", { environment }, opts);
}
