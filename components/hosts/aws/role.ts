import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../config/environment/environment";
import { ownRepositories } from "../../config/environment/repositories";
import type { AwsNetwork } from "../../network/aws/network";
import { awsTags } from "../../network/aws/tags";
import { logGroups } from "./log-groups";

/** Part of AWS that a region belongs to, as ARNs name it. */
export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Trust policy: EC2 instances only. */
export const machinesOnly = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};

/** May open sessions of Systems Manager, and read none of its parameters. */
export const sessionsPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    },
  ],
};

/** May write to the groups of CloudWatch Logs that the environment names, and create those. */
export function logsPolicy(region: string, groups: readonly string[]) {
  const arn = (group: string) => `arn:${partitionOf(region)}:logs:${region}:*:log-group:${group}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: groups.flatMap((group) => [arn(group), `${arn(group)}:*`]),
      },
    ],
  };
}

/** May mount file systems whose own policy lets the role in. */
export function sharePolicy(region: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "elasticfilesystem:ClientMount",
          "elasticfilesystem:ClientRootAccess",
          "elasticfilesystem:ClientWrite",
        ],
        Resource: `arn:${partitionOf(region)}:elasticfilesystem:${region}:*:file-system/*`,
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
    ],
  };
}

/**
 * May read the images of one environment, and nothing else.
 *
 * @param repositories path below which the environment's repositories are
 */
export function imagesPolicy(region: string, repositories: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
      {
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ],
        Resource: `arn:${partitionOf(region)}:ecr:${region}:*:repository/${repositories}/*`,
      },
    ],
  };
}

/**
 * The machines' own rights: access through Systems Manager, reading the environment's images, and
 * writing the logs that the environment sends to CloudWatch.
 *
 * @example
 * const role = new MachineRole("machines", { environment, network });
 * role.profile; // name of the instance profile
 */
export class MachineRole extends pulumi.ComponentResource {
  public readonly profile: pulumi.Output<string>;
  /** Wait for these before a machine has its rights. */
  public readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: { readonly environment: Environment; readonly network: AwsNetwork },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarm:hosts:MachineRole", name, {}, opts);
    const { environment, network } = args;
    const { region } = network.settings;
    const own = { parent: this, provider: network.provider };
    const tags = awsTags(environment, "node");
    const roleName = network.machineRole;
    const { permissionsBoundary } = network.settings;
    const role = new iam.Role(
      `${name}-role`,
      {
        name: roleName,
        assumeRolePolicy: JSON.stringify(machinesOnly),
        ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
        tags,
      },
      own,
    );
    const may = (what: string, policy: object) =>
      new iam.RolePolicy(
        `${name}-${what}`,
        { name: what, role: role.name, policy: JSON.stringify(policy) },
        own,
      );
    const groups = logGroups(environment);
    const policies = [
      may("sessions", sessionsPolicy),
      may("images", imagesPolicy(region, ownRepositories(environment))),
      ...(groups.length === 0 ? [] : [may("logs", logsPolicy(region, groups))]),
      ...(environment.share.kind === "efs" && environment.share.iam === true
        ? [may("share", sharePolicy(region))]
        : []),
    ];
    const profile = new iam.InstanceProfile(
      `${name}-profile`,
      { name: roleName, role: role.name, tags },
      own,
    );
    this.profile = profile.name;
    this.ready = policies;
    this.registerOutputs({ profile: this.profile });
  }
}
