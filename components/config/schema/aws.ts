import { z } from "zod";
import {
  address,
  cidr,
  flag,
  keyed,
  list,
  matching,
  object,
  oneOf,
  secretName,
  texts,
  whole,
} from "./fields";

const zone = matching(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "a zone such as `eu-west-1a`");

// Two halves would be the whole world as well.
const narrowCidr = cidr("203.0.113.0/24").refine((value) => Number(value.split("/")[1]) >= 8, {
  error: "an IPv4 network of /8 or narrower, such as `203.0.113.0/24`",
});

/** Fields that only a group of kind aws has. */
export const awsGroupFields = {
  /** Type of the instances. @default t3.medium @example g5.xlarge */
  instanceType: matching(
    /^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/,
    "an instance type such as `t3.large`",
  ).optional(),
  /** The disk of each instance. @default those of each key */
  disk: object({
    /** Type of the disk. @default gp3 */
    type: oneOf("gp3", "gp2", "io1", "io2").optional(),
    /** Size in GiB. @default 30 */
    size: whole(8, 65536, 30).optional(),
    /** Input and output operations per second. @default that of the disk type @example 3000 */
    iops: whole(100, 256000, 3000).optional(),
    /** Throughput in MiB/s. @default that of the disk type @example 125 */
    throughput: whole(125, 2000, 125).optional(),
    /** Disks are always encrypted. @default true */
    encrypted: z.literal(true, { error: "`true`: disks are always encrypted" }).optional(),
  }).optional(),
  /** Cheaper instances that AWS may take back. @default false */
  spot: flag.optional(),
  /** Zones of the instances, in turn. @default zone a of the region, or those of `aws.vpc.subnets` @example [eu-west-1a] */
  zones: list(zone, "a list such as `[eu-west-1a]`").optional(),
  /** Private addresses of the instances. @default chosen by the environment @example [10.0.1.10] */
  privateAddresses: list(address, "a list such as `[10.0.1.10]`").optional(),
  /** Tags of the instances. @default none */
  tags: texts.optional(),
  /** Image that the instances start from. @default ubuntu @example al2023 */
  image: matching(
    /^(ubuntu|al2023|ami-[0-9a-f]{8,17})$/,
    "`ubuntu`, `al2023` or the id of an image (ami-…)",
  ).optional(),
};

/** Settings of an AWS environment as a whole. */
export const awsSchema = object({
  /** Region of everything. @default none @example eu-west-1 */
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as `eu-west-1`").optional(),
  /** Networks that may reach SSH. @default none @example [203.0.113.0/24] */
  adminCidrs: list(narrowCidr, "a list such as `[203.0.113.0/24]`").optional(),
  /** Networks that may reach published ports. @default none @example [203.0.113.0/24] */
  publicCidrs: list(cidr("203.0.113.0/24"), "a list such as `[203.0.113.0/24]`").optional(),
  /** Network of the instances. @default a new one */
  vpc: object({
    /** Addresses of a new VPC. @default 10.20.0.0/16 */
    cidr: cidr("10.20.0.0/16").optional(),
    /** An existing VPC. @default a new one */
    id: matching(/^vpc-[0-9a-f]+$/, "the id of a VPC (vpc-…)").optional(),
    /** Subnets of that VPC by zone. @default new ones @example { eu-west-1a: subnet-0123456789abcdef0 } */
    subnets: keyed(
      zone,
      matching(/^subnet-[0-9a-f]+$/, "the id of a subnet (subnet-…)"),
      "a map of zone to subnet such as `{ eu-west-1a: subnet-0123456789abcdef0 }`",
    ).optional(),
  }).optional(),
  /** Tags of everything. @default none */
  tags: texts.optional(),
  /** Whether hosts are reached at public or private addresses. @default public */
  reach: oneOf("public", "private").optional(),
  /** Policy that limits the rights of the machines' role, whatever else it gets. @default none @example arn:aws:iam::123456789012:policy/yard-machines */
  permissionsBoundary: matching(
    /^arn:aws(-cn|-us-gov)?:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
    "the ARN of a policy, such as `arn:aws:iam::123456789012:policy/yard-machines`",
  ).optional(),
  /** Replaces the SSH host key of each machine over the first connection, because others may read the one in its user data. @default false */
  rotateHostKeys: flag.optional(),
  /** Your own SSH key pair. @default created in the stack */
  sshKey: object(
    {
      /** The public key as in authorized_keys. @example ssh-ed25519 AAAA… */
      public: matching(
        /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+) [A-Za-z0-9+/]+=*( .*)?$/,
        "a public key as in authorized_keys, such as `ssh-ed25519 AAAA…`",
      ),
      /** Name of the secret of this stack that holds the private key. @example operatorKey */
      secret: secretName("operatorKey"),
    },
    "{ public: ssh-ed25519 AAAA…, secret: operatorKey }",
  ).optional(),
});
