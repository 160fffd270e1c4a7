import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { publishedPorts } from "../config/environment/published-ports";
import { lazily } from "../runtime/lazily";
import type { AwsNetwork } from "./aws/network";
import type { LocalNetwork } from "./local/network";

export type { AwsNetwork, AwsNetworkArgs } from "./aws/network";

export type { EntryPort } from "./local/entry-config";
export type { LocalNetwork, LocalNetworkArgs } from "./local/network";

/** What an environment's hosts are attached to. */
export interface Networks {
  /** There when hosts are on this machine. */
  readonly local?: LocalNetwork;
  /** There when hosts are on AWS. */
  readonly aws?: AwsNetwork;
}

/**
 * Makes what the hosts of an environment are attached to. What it does not use is not loaded.
 *
 * @throws pulumi.RunError with all that AWS says no to, before anything is made there
 */
export async function createNetwork(
  environment: Environment,
  opts?: pulumi.ComponentResourceOptions,
): Promise<Networks> {
  const kinds = new Set(environment.hosts.map((host) => host.kind));
  return {
    ...(kinds.has("local") ? { local: await localNetwork(environment, opts) } : {}),
    ...(kinds.has("aws") ? { aws: await awsNetwork(environment, opts) } : {}),
  };
}

async function localNetwork(
  environment: Environment,
  opts?: pulumi.ComponentResourceOptions,
): Promise<LocalNetwork> {
  const { LocalNetwork } = await lazily(
    () => import("./local/network.js"),
    () => require("./local/network"),
  );
  return new LocalNetwork("network", { environment }, opts);
}

async function awsNetwork(
  environment: Environment,
  opts?: pulumi.ComponentResourceOptions,
): Promise<AwsNetwork> {
  const { AwsNetwork, awsProvider } = await lazily(
    () => import("./aws/network.js"),
    () => require("./aws/network"),
  );
  const { survey } = await lazily(
    () => import("./aws/survey.js"),
    () => require("./aws/survey"),
  );
  const provider = awsProvider(environment, opts);
  const found = await survey(environment, provider);
  return new AwsNetwork("network", { environment, provider, survey: found }, opts);
}

/** Leads from 127.0.0.1 to what platforms publish on hosts of this machine. */
export async function createEntry(environment: Environment, { local }: Networks): Promise<void> {
  if (local === undefined) return;
  const { LocalEntry } = await lazily(
    () => import("./local/entry.js"),
    () => require("./local/entry"),
  );
  new LocalEntry("entry", {
    environment,
    network: local,
    ports: publishedPorts(environment),
  });
}
