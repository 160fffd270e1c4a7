function quotas(service: string): string {
  return `ask for a higher quota (\`aws service-quotas list-service-quotas --service-code ${service}\` shows them)`;
}

/** What AWS refuses only when it is asked for the thing itself, and what to do. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [
    /UnauthorizedOperation|AccessDenied|is not authorized to perform/,
    "Your user or role lacks a right, which the message names: compare its policy with docs/aws-operator-policy.json and docs/aws-operator-more.json.",
  ],
  [
    /VcpuLimitExceeded/,
    `Your account may not run so many vCPUs of a kind at once: ${quotas("ec2")}, or take fewer or smaller machines (\`count\`, \`instanceType\`).`,
  ],
  [
    /MaxSpotInstanceCountExceeded/,
    `Your account may not run so many spot machines at once: ${quotas("ec2")}, or take \`spot: false\`.`,
  ],
  [
    /InsufficientInstanceCapacity|UnfulfillableCapacity/,
    "AWS has no such machine left in that zone now: try again later, or name another `zones` or `instanceType` for the group.",
  ],
  [
    /AddressLimitExceeded/,
    `Your account has no fixed public address left, and each manager has one: ${quotas("ec2")}, or reach machines privately with \`reach: private\` at swarmyard:aws.`,
  ],
  [
    /VpcLimitExceeded|InternetGatewayLimitExceeded/,
    `Your account has no VPC left in that region: ${quotas("vpc")}, or take one that is there with \`vpc: { id: vpc-…, subnets: { … } }\` at swarmyard:aws.`,
  ],
  [
    /FileSystemAlreadyExists/,
    "A file system of this environment was kept: take it up with `fileSystemId: fs-…` at swarmyard:share (its id is in the message), or, to end it, type: aws efs delete-file-system --file-system-id fs-…",
  ],
  [
    /MountTargetConflict/,
    "The file system of swarmyard:share.fileSystemId has a mount target in that zone already: delete that one (aws efs describe-mount-targets --file-system-id fs-… shows it).",
  ],
];

/** What to do about refusals of AWS that no preview knows, a line each. Pure. */
export function awsHints(said: string): readonly string[] {
  return refusals.flatMap(([pattern, hint]) => (pattern.test(said) ? [hint] : []));
}
