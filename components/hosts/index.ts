import type * as pulumi from "@pulumi/pulumi";
import type { Environment, HostSettings } from "../config/environment/environment";
import type { HostKind } from "../config/environment/host-kind";
import type { Networks } from "../network";
import { lazily } from "../runtime/lazily";
import type { Share } from "../share/share";
import type { Host } from "./host";

export type { Host, SshEndpoint } from "./host";
export { copyToRemote, type RemoteCommandArgs, type RemoteCopyArgs, remoteCommand } from "./remote";

/** What hosts are attached to. */
export interface HostSurroundings {
  readonly network: Networks;
  /** @default none */
  readonly share?: Share | undefined;
}

type MakeHost = (settings: HostSettings) => Host;

/**
 * Makes all hosts of an environment, in the order of its file. Kinds that it does not use are not
 * loaded.
 */
export async function createHosts(
  environment: Environment,
  surroundings: HostSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): Promise<Host[]> {
  const kinds = [...new Set(environment.hosts.map((host) => host.kind))];
  const makers = new Map<HostKind, MakeHost>();
  for (const kind of kinds) makers.set(kind, await makerOf(kind, environment, surroundings, opts));
  return environment.hosts.map((settings) => (makers.get(settings.kind) as MakeHost)(settings));
}

async function makerOf(
  kind: HostKind,
  environment: Environment,
  { network, share }: HostSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): Promise<MakeHost> {
  if (kind === "local" && network.local !== undefined) {
    const { localHosts } = await lazily(
      () => import("./local/hosts.js"),
      () => require("./local/hosts"),
    );
    return localHosts(environment, { network: network.local, share }, opts);
  }
  if (kind === "aws" && network.aws !== undefined) {
    const { awsHosts } = await lazily(
      () => import("./aws/hosts.js"),
      () => require("./aws/hosts"),
    );
    return awsHosts(environment, { network: network.aws, share }, opts);
  }
  throw new Error(`hosts of kind ${kind} need a network of that kind`);
}
