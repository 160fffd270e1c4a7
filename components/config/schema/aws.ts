import { z } from "zod";
import { address, cidr, flag, keyed, list, matching, object, oneOf, texts, whole } from "./fields";

const zone = matching(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "a zone such as `eu-west-1a`");

const narrowCidr = cidr("203.0.113.0/24").refine((value) => !value.endsWith("/0"), {
  error: "an IPv4 network narrower than the whole world, such as `203.0.113.0/24`",
});

/** Fields that only a group of kind aws has. */
export const awsGroupFields = {
  instanceType: matching(
    /^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/,
    "an instance type such as `t3.large`",
  ).optional(),
  disk: object({
    type: oneOf("gp3", "gp2", "io1", "io2").optional(),
    size: whole(8, 65536, 30).optional(),
    iops: whole(100, 256000, 3000).optional(),
    throughput: whole(125, 2000, 125).optional(),
    encrypted: z.literal(true, { error: "`true`: disks are always encrypted" }).optional(),
  }).optional(),
  spot: flag.optional(),
  zones: list(zone, "a list such as `[eu-west-1a]`").optional(),
  privateAddresses: list(address, "a list such as `[10.0.1.10]`").optional(),
  tags: texts.optional(),
  image: matching(
    /^(ubuntu|al2023|ami-[0-9a-f]{8,17})$/,
    "`ubuntu`, `al2023` or the id of an image (ami-…)",
  ).optional(),
};

/** Settings of an AWS environment as a whole. */
export const awsSchema = object({
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as `eu-west-1`").optional(),
  adminCidrs: list(narrowCidr, "a list such as `[203.0.113.0/24]`").optional(),
  publicCidrs: list(cidr("203.0.113.0/24"), "a list such as `[203.0.113.0/24]`").optional(),
  vpc: object({
    cidr: cidr("10.20.0.0/16").optional(),
    id: matching(/^vpc-[0-9a-f]+$/, "the id of a VPC (vpc-…)").optional(),
    subnets: keyed(
      zone,
      matching(/^subnet-[0-9a-f]+$/, "the id of a subnet (subnet-…)"),
      "a map of zone to subnet such as `{ eu-west-1a: subnet-0123456789abcdef0 }`",
    ).optional(),
  }).optional(),
  tags: texts.optional(),
  reach: oneOf("public", "private").optional(),
  sshKey: object(
    {
      public: matching(
        /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+) [A-Za-z0-9+/]+=*( .*)?$/,
        "a public key as in authorized_keys, such as `ssh-ed25519 AAAA…`",
      ),
      secret: matching(
        /^[A-Za-z][\w-]*$/,
        "the name of a secret of this stack, such as `operatorKey`, set by `npm run secret -- set operatorKey`",
      ),
    },
    "{ public: ssh-ed25519 AAAA…, secret: operatorKey }",
  ).optional(),
});
