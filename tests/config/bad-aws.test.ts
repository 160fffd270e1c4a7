import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, readChanged } from "./yard";

const aws = {
  region: "eu-west-1",
  adminCidrs: ["203.0.113.0/24"],
  publicCidrs: ["203.0.113.0/24"],
};

function read(groups: PlainMap, more: PlainMap = {}, rest: PlainMap = {}, world = {}) {
  const values = {
    hosts: { kind: "aws", groups },
    aws: { ...aws, ...more },
    share: { kind: "efs" },
    ...rest,
  };
  return readChanged({ values, world });
}

// Name, groups, aws; path, found, allowed and fix of the one problem.
const cases: readonly [string, PlainMap, PlainMap, string, string, string, string][] = [
  [
    "GPUs of a type without",
    { db: { resources: { "NVIDIA-GPU": 1 } } },
    {},
    "swarmyard:hosts.groups.db.resources.NVIDIA-GPU",
    "1 on t3.medium, which has no NVIDIA GPU",
    "a type with GPUs, such as g4dn.xlarge, g5.xlarge, g6.xlarge",
    "`instanceType: g5.xlarge`",
  ],
  [
    "more GPUs than the type has",
    { db: { instanceType: "g5.xlarge", resources: { "NVIDIA-GPU": 4 } } },
    {},
    "swarmyard:hosts.groups.db.resources.NVIDIA-GPU",
    "4 on g5.xlarge, which has 1",
    "1; leave it out",
    "remove `NVIDIA-GPU`",
  ],
  [
    "a zone of another region",
    { db: { zones: ["us-east-1a"] } },
    {},
    "swarmyard:hosts.groups.db.zones",
    "us-east-1a, not in eu-west-1",
    "zones of eu-west-1",
    "`zones: [eu-west-1a]`",
  ],
  [
    "an address outside its subnet",
    { db: { privateAddresses: ["10.20.9.10"] } },
    {},
    "swarmyard:hosts.groups.db.privateAddresses[0]",
    "10.20.9.10 for yard-test-db-0, which is not in 10.20.1.0/24, the subnet of eu-west-1a",
    "an address from 10.20.1.5 to 10.20.1.254",
    "`10.20.1.10`",
  ],
  [
    "an address that AWS keeps",
    { db: { privateAddresses: ["10.20.1.2"] } },
    {},
    "swarmyard:hosts.groups.db.privateAddresses[0]",
    "10.20.1.2 for yard-test-db-0, which AWS or the share needs",
    "an address from 10.20.1.5 to 10.20.1.254",
    "`10.20.1.10`",
  ],
  [
    "an address twice",
    { agent: { privateAddresses: ["10.20.1.9", "10.20.1.9"] } },
    {},
    "swarmyard:hosts.groups.agent.privateAddresses[1]",
    "10.20.1.9, which yard-test-agent-0 has already",
    "an address that no other host has",
    "another address",
  ],
  [
    "too few addresses",
    { agent: { privateAddresses: ["10.20.1.9"] } },
    {},
    "swarmyard:hosts.groups.agent.privateAddresses",
    "1 addresses for 2 hosts",
    "one address for each host",
    "the missing addresses",
  ],
  [
    "a VPC that is too narrow",
    {},
    { vpc: { cidr: "10.20.0.0/25" } },
    "swarmyard:aws.vpc.cidr",
    "10.20.0.0/25",
    "a network from /16 to /24",
    "`cidr: 10.20.0.0/16`",
  ],
  [
    "a VPC without room for all hosts",
    { agent: { count: 20 } },
    { vpc: { cidr: "10.20.0.0/24" } },
    "swarmyard:aws.vpc.cidr",
    expect.stringMatching(/^no address left in eu-west-1a for yard-test-agent-\d+, /) as never,
    "a VPC and zones with an address for each host",
    "`cidr: 10.20.0.0/16`, or more zones",
  ],
  [
    "a VPC over the pool of overlay networks",
    {},
    { vpc: { cidr: "10.200.0.0/16" } },
    "swarmyard:swarm.addressPools[0]",
    "10.200.0.0/16, which overlaps 10.200.0.0/16, the VPC",
    "a network that overlaps with no other",
    "a network outside 10.200.0.0/16",
  ],
  [
    "a new and an existing VPC",
    { platform: { privateAddresses: ["10.0.0.9"] } },
    { vpc: { cidr: "10.20.0.0/16", id: "vpc-1", subnets: { "eu-west-1a": "subnet-1" } } },
    "swarmyard:aws.vpc.cidr",
    "`cidr` next to `id`",
    "`cidr` for a new VPC, or `id` with `subnets` for an existing one",
    "remove `cidr`",
  ],
  [
    "subnets without their VPC",
    { platform: { privateAddresses: ["10.20.1.9"] } },
    { vpc: { subnets: { "eu-west-1a": "subnet-1" } } },
    "swarmyard:aws.vpc.subnets",
    "subnets without the VPC that they are in",
    "`id` beside them",
    "`id: vpc-…`",
  ],
  [
    "a zone without a subnet, where the share would have no mount target",
    { platform: { privateAddresses: ["10.0.0.9"] }, db: { zones: ["eu-west-1b"] } },
    { vpc: { id: "vpc-1", subnets: { "eu-west-1a": "subnet-1" } } },
    "swarmyard:aws.vpc.subnets",
    "no subnet for eu-west-1b, in which hosts are",
    "a subnet for each zone with hosts; the share's mount target is there too",
    "`subnets: { eu-west-1b: subnet-… }`",
  ],
  [
    "managers in an existing VPC without addresses",
    {},
    { vpc: { id: "vpc-1", subnets: { "eu-west-1a": "subnet-1" } } },
    "swarmyard:hosts.groups.platform.privateAddresses",
    "nothing, for managers in an existing VPC",
    "a free address of its subnet for each manager",
    "`privateAddresses: [<address>]`",
  ],
  [
    "throughput for a disk that has none",
    { db: { disk: { type: "gp2", throughput: 125 } } },
    {},
    "swarmyard:hosts.groups.db.disk.throughput",
    "a throughput for gp2",
    "only for gp3",
    "`type: gp3`",
  ],
  [
    "a disk without the required iops",
    { db: { disk: { type: "io2" } } },
    {},
    "swarmyard:hosts.groups.db.disk.iops",
    "nothing",
    "a number, which io2 must be set explicitly",
    "`iops: 3000`",
  ],
  [
    "hosts on this machine together with hosts on AWS",
    { db: { kind: "local" } },
    {},
    "swarmyard:hosts.groups",
    "hosts of kind aws together with local ones (yard-test-db-0), which cannot reach each other",
    "hosts of kind aws, or local ones",
    "`kind: aws` at swarmyard:hosts",
  ],
  [
    "a Docker engine of local hosts",
    { db: { engine: "debian-13" } },
    {},
    "swarmyard:hosts.groups.db.engine",
    "`engine` in a group of kind aws",
    "only in groups of kind local",
    "remove `engine`",
  ],
  [
    "an invalid instance type",
    { db: { instanceType: "medium" } },
    {},
    "swarmyard:hosts.groups.db.instanceType",
    '"medium"',
    "an instance type such as `t3.large`",
    "`instanceType: t3.large`",
  ],
  [
    "a region that is none",
    {},
    { region: "europe" },
    "swarmyard:aws.region",
    '"europe"',
    "a region such as `eu-west-1`",
    "`region: eu-west-1`",
  ],
];

describe("AWS that does not fit together", () => {
  test.each(cases)("fails: %s", (_, groups, more, ...problem) => {
    const { problems } = read(groups, more);
    const told = problems.map(brief);
    expect(told).toContainEqual(problem);
    // Consequences of it may be reported too, but nothing else.
    expect(told.length).toBeLessThanOrEqual(3);
  });

  test("the operator's key without its private part", () => {
    const sshKey = { public: "ssh-ed25519 AAAA me", secret: "operatorKey" };
    const { problems } = read(
      {},
      { sshKey },
      {},
      { hasSecret: (key: string) => key !== "operatorKey" },
    );
    expect(problems.map(brief)[0]).toEqual([
      "swarmyard:aws.sshKey.secret",
      "operatorKey, a secret that this stack does not have",
      "none",
      "`npm run secret -- set operatorKey -s test < <file of the private key>`",
    ]);
  });

  test("a time to live for kept data, even from a base", () => {
    const { problems } = read({}, {}, { timeToLive: "12h", share: { kind: "efs", data: "keep" } });
    expect(problems.map(brief)).toEqual([
      [
        "swarmyard:timeToLive",
        "12h for an environment whose data is kept (swarmyard:share.data: keep)",
        "no time to live, or data that may be deleted",
        "remove `timeToLive` (`timeToLive: null` over a base), or `data: delete`",
      ],
    ]);
    const isProtected = read({}, {}, { timeToLive: "12h", protected: true }).problems;
    expect(isProtected.map(brief)).toEqual([
      [
        "swarmyard:timeToLive",
        "12h for an environment that is protected (swarmyard:protected: true)",
        "no time to live, or no protection",
        "remove `timeToLive` (`timeToLive: null` over a base), or `protected: false`",
      ],
    ]);
    for (const share of [{ kind: "none" }, { kind: "efs", data: "delete" }]) {
      const spec = { volumes: { data: { shared: false, seed: null } } };
      const values = { hosts: { kind: "aws", groups: {} }, aws, share, timeToLive: "12h" };
      expect(readChanged({ values, spec }).problems).toEqual([]);
    }
  });

  test("a service that asks for a GPU where no machine has one", () => {
    const values = { hosts: { kind: "aws", groups: {} }, aws, share: { kind: "efs" } };
    const { problems } = readChanged({ values, spec: { services: { web: { gpus: 1 } } } });
    expect(problems.map(brief)).toEqual([
      [
        "platforms/app: services.web.resources.reservations.generic",
        "1 NVIDIA-GPU of service web, which no node meets",
        "what a node has: yard-test-platform-0, yard-test-db-0, yard-test-agent-0, yard-test-agent-1: reserves 1 NVIDIA-GPU, the node has 0",
        "`instanceType: g5.xlarge` for a group in swarmyard:hosts, or a smaller reservation",
      ],
    ]);
  });

  test("managers on spot and ports that nobody can reach cause warnings", () => {
    const { warnings, problems } = read({ platform: { spot: true } }, { publicCidrs: [] });
    expect(problems).toEqual([]);
    expect(warnings.map(({ path }) => path)).toEqual([
      "swarmyard:hosts.groups.platform.spot",
      "swarmyard:aws.publicCidrs",
    ]);
  });

  test("a good environment has neither problems nor warnings", () => {
    const { warnings, problems } = read({ db: { spot: true, instanceType: "g5.xlarge" } });
    expect([...problems, ...warnings]).toEqual([]);
  });
});

describe("share.iam", () => {
  const shareOf = (share: PlainMap, groups: PlainMap = {}) =>
    read(groups, {}, { share: { kind: "efs", ...share } }).problems.map(brief);

  test("needs the image that can prove the role, in every group", () => {
    const every = "`image: al2023` in every group";
    const fix = "`image: al2023` there, or remove `iam`";
    const without = "start from another image than al2023, without amazon-efs-utils";
    expect(shareOf({ iam: true }, { db: { image: "al2023" } })).toEqual([
      ["swarmyard:share.iam", `true, but platform, agent ${without}`, every, fix],
    ]);
    const image = { image: "al2023" };
    expect(shareOf({ iam: true }, { platform: image, db: image, agent: image })).toEqual([]);
    expect(shareOf({ iam: false })).toEqual([]);
  });

  test("belongs to a file system of EFS", () => {
    const values = { share: { kind: "directory", iam: true } };
    expect(readChanged({ values }).problems.map(brief)).toEqual([
      ["swarmyard:share.iam", "true next to kind directory", "only with kind efs", "remove `iam`"],
    ]);
  });
});
