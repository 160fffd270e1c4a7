function quotas(service: string): string {
  return `request a higher quota (\`aws service-quotas list-service-quotas --service-code ${service}\` shows them)`;
}

/** What AWS rejects only on creation, with a fix for each. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [
    /UnauthorizedOperation|AccessDenied|is not authorized to perform/,
    "Your user or role lacks the right that the message names: compare its policy with docs/aws-operator-policy.json and docs/aws-operator-more.json.",
  ],
  [
    /VcpuLimitExceeded/,
    `Your account's quota does not allow that many vCPUs of this kind: ${quotas("ec2")}, or take fewer or smaller machines (\`count\`, \`instanceType\`).`,
  ],
  [
    /MaxSpotInstanceCountExceeded/,
    `Your account's quota does not allow that many Spot machines: ${quotas("ec2")}, or take \`spot: false\`.`,
  ],
  [
    /InsufficientInstanceCapacity|UnfulfillableCapacity/,
    "AWS currently has no such machine in that zone: try again later, or set another `zones` or `instanceType` for the group.",
  ],
  [
    /AddressLimitExceeded/,
    `Your account has no Elastic IP address left, and each manager needs one: ${quotas("ec2")}, or reach machines privately with \`reach: private\` at swarmyard:aws.`,
  ],
  [
    /VpcLimitExceeded|InternetGatewayLimitExceeded/,
    `Your account has no VPC left in that region: ${quotas("vpc")}, or use an existing one with \`vpc: { id: vpc-…, subnets: { … } }\` at swarmyard:aws.`,
  ],
  [
    /FileSystemAlreadyExists/,
    "A file system of this environment was kept: use it with `fileSystemId: fs-…` at swarmyard:share (its id is in the message), or delete it: aws efs delete-file-system --file-system-id fs-…",
  ],
  [
    /MountTargetConflict/,
    "The file system of swarmyard:share.fileSystemId already has a mount target in that zone: delete it (aws efs describe-mount-targets --file-system-id fs-… shows it).",
  ],
];

/** A fix, in one line each, for rejections by AWS that no preview can know. Pure. */
export function awsHints(said: string): readonly string[] {
  return refusals.flatMap(([pattern, hint]) => (pattern.test(said) ? [hint] : []));
}
