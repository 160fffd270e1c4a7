import * as pulumi from "@pulumi/pulumi";
import type { AwsSettings } from "../../config/environment/aws";
import type { AwsMachineSettings, Environment } from "../../config/environment/environment";
import type { AwsNetwork } from "../../network/aws/network";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import type { HostMaker } from "../host";
import { AwsHost, type OperatorKey } from "./host";
import { MachineRole } from "./role";

/** What hosts on AWS are created in. */
export interface AwsSurroundings {
  readonly network: AwsNetwork;
  readonly share: Share | undefined;
}

/**
 * Prepares the hosts of an environment that are on AWS.
 *
 * Existing managers are changed one after the other, in the order in which they join; on the first
 * `up` they are created in parallel.
 */
export function awsHosts(
  environment: Environment,
  { network, share }: AwsSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): (settings: AwsMachineSettings) => HostMaker {
  const operator = operatorKey(network.settings, opts);
  const role = new MachineRole("machines", { environment, network }, opts);
  const { hasManagers } = network.survey;
  return (settings) => ({
    settings,
    follows: settings.role === "manager" && settings.name !== environment.swarm.firstManager,
    make(after) {
      const made = { environment, settings, network, role, operator };
      const shared = share === undefined ? {} : { share };
      const turn = after !== undefined && hasManagers ? { after } : {};
      return new AwsHost(settings.name, { ...made, ...shared, ...turn }, opts);
    },
  });
}

function operatorKey(
  { sshKey }: AwsSettings,
  opts: pulumi.ComponentResourceOptions | undefined,
): OperatorKey {
  if (sshKey === undefined) return new Key("operator", {}, opts);
  const privateKey = new pulumi.Config().requireSecret(sshKey.secret);
  return { publicKey: sshKey.public, privateKey };
}
