import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { lazily } from "../config/lazily";
import { publishedPorts } from "../config/published-ports";
import type { AwsNetwork } from "./aws";
import type { LocalNetwork } from "./local";

export type { AwsNetwork, AwsNetworkArgs } from "./aws";

export type { EntryPort } from "./entry-config";
export type { LocalNetwork, LocalNetworkArgs } from "./local";

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
    () => import("./local.js"),
    () => require("./local"),
  );
  return new LocalNetwork("network", { environment }, opts);
}

async function awsNetwork(
  environment: Environment,
  opts?: pulumi.ComponentResourceOptions,
): Promise<AwsNetwork> {
  const { AwsNetwork, awsProvider } = await lazily(
    () => import("./aws.js"),
    () => require("./aws"),
  );
  const { survey } = await lazily(
    () => import("./aws-survey.js"),
    () => require("./aws-survey"),
  );
  const provider = awsProvider(environment, opts);
  const found = await survey(environment, provider);
  return new AwsNetwork("network", { environment, provider, survey: found }, opts);
}

/** Leads from 127.0.0.1 to what platforms publish on hosts of this machine. */
export async function createEntry(environment: Environment, { local }: Networks): Promise<void> {
  if (local === undefined) return;
  const { LocalEntry } = await lazily(
    () => import("./entry.js"),
    () => require("./entry"),
  );
  new LocalEntry("entry", {
    environment,
    network: local,
    ports: publishedPorts(environment),
  });
}
