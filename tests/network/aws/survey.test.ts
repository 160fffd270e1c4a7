import { describe, expect, test } from "vitest";
import { mergeDeep, type PlainMap } from "../../../components/model/merge";
import { createNetwork } from "../../../components/network";
import { awsEnvironment } from "../../aws-environment";
import { type Answer, Recorder } from "../../recorder";

type Answers = { readonly [token: string]: Answer };

const TYPE = "aws:ec2/getInstanceType:getInstanceType";
const VPC = "aws:ec2/getVpc:getVpc";
const SUBNET = "aws:ec2/getSubnet:getSubnet";
const IMAGE = "aws:ssm/getParameter:getParameter";
const OWN_IMAGE = "aws:ec2/getAmi:getAmi";
const INSTANCES = "aws:ec2/getInstances:getInstances";
const ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones";

/** As the provider words it. */
function refusal(token: string, ...lines: readonly string[]): Answers {
  return {
    [token]: () => {
      throw new Error(
        `invocation of ${token} returned an error: ${lines.length} error occurred:\n${lines.map((line) => `\t* ${line}\n`).join("")}\n`,
      );
    },
  };
}

const existing: PlainMap = {
  hosts: { groups: { m: { privateAddresses: ["172.31.0.10", "172.31.16.10", "172.31.0.11"] } } },
  aws: { vpc: { id: "vpc-1", subnets: { "eu-west-1a": "subnet-a", "eu-west-1b": "subnet-b" } } },
};
const subnets: { readonly [id: string]: object } = {
  "subnet-a": { vpcId: "vpc-1", availabilityZone: "eu-west-1a", cidrBlock: "172.31.0.0/20" },
  "subnet-b": { vpcId: "vpc-1", availabilityZone: "eu-west-1b", cidrBlock: "172.31.16.0/20" },
};
const found: Answers = {
  [VPC]: () => ({ cidrBlock: "172.31.0.0/16" }),
  [SUBNET]: ({ id }) => subnets[String(id)] ?? {},
};

/** What a preview of the environment ends with. */
async function ending(answers: Answers, changes: PlainMap = {}): Promise<string> {
  const recorder = new Recorder({ stack: "one", answers });
  const made = createNetwork(awsEnvironment(changes), recorder.opts);
  return made.then(
    () => "it was made",
    (reason: Error) => reason.message,
  );
}

function problem(path: string, found: string, allowed: string, type: string): string {
  const lines = [`1. ${path}`, `found:   ${found}`, `allowed: ${allowed}`, `fix:     ${type}`];
  return ['1 problem in the settings of "one":', lines.join("\n     ")].join("\n");
}

// Name, what AWS answers, changes, and the problem: path, found, allowed, fix.
type Case = readonly [string, Answers, PlainMap, string, string, string, string];

const cases: readonly Case[] = [
  [
    "an unknown instance type",
    refusal(TYPE, "no matching EC2 Instance Type found"),
    { hosts: { groups: { m: { instanceType: "t9.medium" }, w: null } } },
    "swarmyard:hosts.groups.m.instanceType",
    '"t9.medium", which eu-west-1 does not have',
    "an instance type of that region",
    "`instanceType: t3.medium`",
  ],
  [
    "an unknown region",
    refusal(INSTANCES, "invalid AWS Region: eu-west-9"),
    { aws: { region: "eu-west-9" }, hosts: { groups: { m: { zones: null } } } },
    "swarmyard:aws.region",
    "eu-west-9: invalid AWS Region: eu-west-9",
    "an AWS region that your account has enabled",
    "`region: eu-west-1`",
  ],
  [
    "an unknown zone",
    { [ZONES]: () => ({ names: ["eu-west-1a", "eu-west-1c"] }) },
    {},
    "swarmyard:hosts.groups.m.zones",
    '"eu-west-1b", which your account does not have in eu-west-1',
    "eu-west-1a, eu-west-1c",
    "did you mean `eu-west-1a`?",
  ],
  [
    "no image",
    refusal(IMAGE, "couldn't find resource"),
    { hosts: { groups: { w: null } } },
    "swarmyard:hosts.groups.m.image",
    "ubuntu for t3.medium, for which eu-west-1 has no image (/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id)",
    "ubuntu, al2023 or your own image",
    "`image: ami-…`",
  ],
  [
    "an image of one's own that is not there",
    refusal(OWN_IMAGE, "Your query returned no results. Please change your search criteria"),
    { hosts: { groups: { m: { image: "ami-0123456789abcdef0" } } } },
    "swarmyard:hosts.groups.m.image",
    "ami-0123456789abcdef0, which eu-west-1 does not have for your account",
    "an image of that region, ubuntu or al2023",
    "`image: ubuntu`",
  ],
  [
    "an image of another architecture",
    { [OWN_IMAGE]: () => ({ architecture: "arm64" }) },
    { hosts: { groups: { m: { image: "ami-0123456789abcdef0" } } } },
    "swarmyard:hosts.groups.m.image",
    "ami-0123456789abcdef0, which is arm64, for t3.medium, which is x86_64",
    "an image that is x86_64, ubuntu or al2023",
    "`image: ubuntu`",
  ],
  [
    "missing credentials",
    { ...refusal(TYPE, "No valid credential sources found."), ...refusal(IMAGE, "No valid cred") },
    {},
    "swarmyard:aws",
    "no valid credentials: No valid credential sources found.",
    "credentials of an AWS account in the shell that runs pulumi",
    "`aws configure sso` and `export AWS_PROFILE=<profile>`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  [
    "missing rights",
    refusal(INSTANCES, "UnauthorizedOperation: You are not authorized to perform this operation"),
    {},
    "swarmyard:aws",
    "insufficient rights: UnauthorizedOperation: You are not authorized to perform this operation",
    "an operator with the rights of docs/aws.md",
    "the policy of docs/aws.md for your user or role",
  ],
  [
    "no such region, or no network",
    refusal(
      TYPE,
      'Retrieving AWS account details: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 0, RequestID: , request send failed, Post "https://sts.eu-west-9.amazonaws.com/": dial tcp: lookup sts.eu-west-9.amazonaws.com on 10.0.0.2:53: no such host',
    ),
    { aws: { region: "eu-west-9" }, hosts: { groups: { m: { zones: ["eu-west-9a"] } } } },
    "swarmyard:aws.region",
    "no answer from AWS in eu-west-9: sts.eu-west-9.amazonaws.com has no address",
    "a region of AWS, and a machine that reaches it",
    "run the same command again, or `region: eu-west-1`",
  ],
  [
    "no answer to which managers there are",
    refusal(INSTANCES, "something else"),
    {},
    "swarmyard:aws.region",
    "no answer from AWS in eu-west-1: something else",
    "a region of AWS, and a machine that reaches it",
    "run the same command again, or `region: eu-west-1`",
  ],
  [
    "a VPC that is not there",
    { ...found, ...refusal(VPC, "no matching EC2 VPC found") },
    existing,
    "swarmyard:aws.vpc.id",
    "vpc-1, which is not in eu-west-1",
    "the id of a VPC of that region",
    "`aws ec2 describe-vpcs` lists them",
  ],
  [
    "a VPC over the pools of overlay networks",
    { ...found, [VPC]: () => ({ cidrBlock: "10.201.0.0/16" }) },
    existing,
    "swarmyard:aws.vpc.id",
    "vpc-1 with 10.201.0.0/16, which overlaps 10.201.0.0/16 of swarmyard:swarm",
    "a VPC that overlaps with no network of the swarm",
    "another network in swarmyard:swarm, outside the VPC",
  ],
  [
    "a subnet outside the VPC",
    {
      ...found,
      [SUBNET]: ({ id }) => ({
        ...subnets[String(id)],
        ...(id === "subnet-a" ? { vpcId: "vpc-2" } : {}),
      }),
    },
    existing,
    "swarmyard:aws.vpc.subnets.eu-west-1a",
    "subnet-a, which is in vpc-2",
    "a subnet of vpc-1",
    "`aws ec2 describe-subnets` lists them",
  ],
  [
    "a subnet that is not there",
    { ...found, ...refusal(SUBNET, "no matching EC2 Subnet found") },
    {
      ...existing,
      hosts: {
        groups: {
          m: { zones: ["eu-west-1a"], count: 1, privateAddresses: ["172.31.0.10"] },
          w: null,
        },
      },
    },
    "swarmyard:aws.vpc.subnets.eu-west-1a",
    "subnet-a, which does not exist",
    "a subnet of vpc-1 in eu-west-1a",
    "`aws ec2 describe-subnets` lists them",
  ],
  [
    "a subnet in another zone",
    { ...found, [SUBNET]: () => ({ ...subnets["subnet-a"], cidrBlock: "172.31.0.0/16" }) },
    existing,
    "swarmyard:aws.vpc.subnets.eu-west-1b",
    "subnet-b, which is in eu-west-1a",
    "a subnet in eu-west-1b",
    "`eu-west-1a: subnet-b`",
  ],
  [
    "a private address outside its subnet",
    found,
    mergeDeep(existing, {
      hosts: { groups: { m: { privateAddresses: ["172.31.0.10", "172.31.0.12", "172.31.0.11"] } } },
    }) as PlainMap,
    "swarmyard:hosts.groups.m.privateAddresses",
    "172.31.0.12 for vm-one-m-1, which is not in its subnet 172.31.16.0/20 of eu-west-1b",
    "an address in 172.31.16.0/20",
    "another address, or another zone",
  ],
];

describe("what AWS rejects ends a preview before anything is created", () => {
  test.each(cases)("%s", async (_, answers, changes, ...told) => {
    expect(await ending(answers, changes)).toBe(problem(...told));
  });

  test("credentials, region and rights are reported once, whatever else was asked", async () => {
    const all = [TYPE, IMAGE, INSTANCES, ZONES].map((token) =>
      refusal(token, "InvalidClientTokenId: The security token is invalid"),
    );
    expect(await ending(Object.assign({}, ...all))).toMatch(/^1 problem in the settings of "one"/);
  });
});
