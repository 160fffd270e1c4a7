import type * as pulumi from "@pulumi/pulumi";
import type { AwsSettings } from "../config/environment/aws";
import type { Environment, LocalSettings } from "../config/environment/environment";
import { publishedPorts } from "../config/environment/published-ports";
import { lazily } from "../runtime/lazily";
import type { AwsNetwork } from "./aws/network";
import type { LocalNetwork } from "./local/network";

/** What an environment's hosts are attached to. */
export interface Networks {
  /** Present when hosts are on this machine. */
  readonly local?: LocalNetwork;
  /** Present when hosts are on AWS. */
  readonly aws?: AwsNetwork;
}

/**
 * Creates what the hosts of an environment are attached to. Unused kinds are not loaded.
 *
 * @throws pulumi.RunError with everything AWS rejects, before anything is created there
 */
export async function createNetwork(
  environment: Environment,
  opts?: pulumi.ComponentResourceOptions,
): Promise<Networks> {
  const { local, aws } = environment;
  return {
    ...(local === undefined ? {} : { local: await localNetwork(environment, local, opts) }),
    ...(aws === undefined ? {} : { aws: await awsNetwork(environment, aws, opts) }),
  };
}

async function localNetwork(
  environment: Environment,
  settings: LocalSettings,
  opts?: pulumi.ComponentResourceOptions,
): Promise<LocalNetwork> {
  const { LocalNetwork } = await lazily(
    () => import("./local/network.js"),
    () => require("./local/network"),
  );
  return new LocalNetwork("network", { environment, settings }, opts);
}

async function awsNetwork(
  environment: Environment,
  settings: AwsSettings,
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
  const provider = awsProvider(settings, opts);
  const found = await survey(environment, settings, provider);
  return new AwsNetwork("network", { environment, settings, provider, survey: found }, opts);
}

/** Forwards 127.0.0.1 to the ports that platforms publish on local hosts. */
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
