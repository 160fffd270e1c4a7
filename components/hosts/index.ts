import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import type { Networks } from "../network";
import type { AwsNetwork } from "../network/aws/network";
import type { LocalNetwork } from "../network/local/network";
import { lazily } from "../runtime/lazily";
import type { Share } from "../share/share";
import type { HostMaker, OwnMachines } from "./host";

/** What hosts are attached to. */
export interface HostSurroundings {
  readonly network: Networks;
  /** @default none */
  readonly share?: Share | undefined;
  /** Machines of groups of kind ssh that the program creates. @default all of them exist */
  readonly own?: OwnMachines;
}

/**
 * Prepares the hosts of an environment, in the order of its file. The swarm makes each of them when
 * its turn comes. Kinds that the environment does not use are not loaded.
 *
 * @throws pulumi.RunError when existing machines cannot be used
 */
export async function createHosts(
  environment: Environment,
  { network, share, own }: HostSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): Promise<HostMaker[]> {
  const local = network.local && (await onThisMachine(environment, network.local, share, opts));
  const aws = network.aws && (await onAws(environment, network.aws, share, opts));
  const existing = environment.hosts.some(({ kind }) => kind === "ssh");
  const ssh = existing ? await onExisting(environment, { share, own }, opts) : undefined;
  return environment.hosts.map((settings) => {
    if (settings.kind === "local" && local !== undefined) return local(settings);
    if (settings.kind === "aws" && aws !== undefined) return aws(settings);
    if (settings.kind === "ssh" && ssh !== undefined) return ssh(settings);
    throw new Error(`hosts of kind ${settings.kind} need a network of that kind`);
  });
}

async function onThisMachine(
  environment: Environment,
  network: LocalNetwork,
  share: Share | undefined,
  opts?: pulumi.ComponentResourceOptions,
) {
  const { localHosts } = await lazily(
    () => import("./local/hosts.js"),
    () => require("./local/hosts"),
  );
  return localHosts(environment, { network, share }, opts);
}

async function onExisting(
  environment: Environment,
  surroundings: Pick<HostSurroundings, "share" | "own">,
  opts?: pulumi.ComponentResourceOptions,
) {
  const { sshHosts } = await lazily(
    () => import("./ssh/hosts.js"),
    () => require("./ssh/hosts"),
  );
  return await sshHosts(environment, surroundings, opts);
}

async function onAws(
  environment: Environment,
  network: AwsNetwork,
  share: Share | undefined,
  opts?: pulumi.ComponentResourceOptions,
) {
  const { awsHosts } = await lazily(
    () => import("./aws/hosts.js"),
    () => require("./aws/hosts"),
  );
  return awsHosts(environment, { network, share }, opts);
}
