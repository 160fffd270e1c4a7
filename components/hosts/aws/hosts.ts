import * as pulumi from "@pulumi/pulumi";
import type { AwsSettings } from "../../config/environment/aws";
import type { Environment, HostSettings } from "../../config/environment/environment";
import type { AwsNetwork } from "../../network/aws/network";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import { AwsHost, type OperatorKey } from "./host";
import { MachineRole } from "./role";

/** What hosts on AWS are made in. */
export interface AwsSurroundings {
  readonly network: AwsNetwork;
  readonly share: Share | undefined;
}

/**
 * Makes the hosts of an environment that are on AWS.
 *
 * Managers that are there already are changed one after the other, in the order in which they join;
 * on the first `up` they are made side by side.
 */
export function awsHosts(
  environment: Environment,
  { network, share }: AwsSurroundings,
  opts?: pulumi.ComponentResourceOptions,
): (settings: HostSettings) => AwsHost {
  const operator = operatorKey(network.settings, opts);
  const role = new MachineRole("machines", { environment, network }, opts);
  const { hasManagers } = network.survey;
  return (settings) => {
    const follows = settings.role === "manager" && settings.name !== environment.swarm.firstManager;
    const turn = follows ? new Turn() : undefined;
    const host = new AwsHost(
      settings.name,
      {
        environment,
        settings,
        network,
        ...(share === undefined ? {} : { share }),
        role,
        operator,
        ...(turn !== undefined && hasManagers ? { turn: turn.promise } : {}),
      },
      opts,
    );
    return turn === undefined ? host : Object.assign(host, { follow: turn.take });
  };
}

/** A place in a line, known later. */
class Turn {
  public readonly promise: Promise<pulumi.Resource>;
  public readonly take: (node: pulumi.Resource) => void;

  constructor() {
    let take: (node: pulumi.Resource) => void = () => {};
    this.promise = new Promise((resolve) => {
      take = resolve;
    });
    this.take = take;
  }
}

function operatorKey(
  { sshKey }: AwsSettings,
  opts: pulumi.ComponentResourceOptions | undefined,
): OperatorKey {
  if (sshKey === undefined) return new Key("operator", {}, opts);
  const privateKey = new pulumi.Config().requireSecret(sshKey.secret);
  return { publicKey: sshKey.public, privateKey };
}
