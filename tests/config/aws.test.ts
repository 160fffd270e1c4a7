import { describe, expect, test } from "vitest";
import type { AwsHostSettings } from "../../components/config/environment/aws";
import {
  completeAws,
  writtenHosts,
  zoneSubnet,
} from "../../components/config/environment/aws-defaults";
import type { Environment } from "../../components/config/environment/environment";
import { architectureOf, gpusOf } from "../../components/config/environment/instance-types";
import type { FileGroup, FileSettings } from "../../components/config/schema/file";
import { imageParameter } from "../../components/network/aws/machine-images";
import { readChanged } from "./yard";

const aws = { region: "eu-west-1", adminCidrs: ["203.0.113.0/24"] };

function onAws(groups: object, more: object = {}): Environment {
  const values = {
    hosts: { kind: "aws", groups },
    aws: { ...aws, ...more },
    share: { kind: "efs" },
  };
  const { environment, problems } = readChanged({ values });
  expect(problems).toEqual([]);
  return environment as Environment;
}

function hostOf(environment: Environment, name: string): AwsHostSettings {
  const found = environment.hosts.find((host) => host.name === name);
  if (found?.kind !== "aws") throw new Error(`no ${name} on AWS`);
  return found.aws;
}

describe("a host on AWS", () => {
  test("gets every default, and an address that its name decides", () => {
    const environment = onAws({});
    expect(hostOf(environment, "yard-test-db-0")).toEqual({
      instanceType: "t3.medium",
      architecture: "x86_64",
      gpus: 0,
      disk: { type: "gp3", size: 30 },
      spot: false,
      zone: "eu-west-1a",
      privateAddress: expect.stringMatching(/^10\.20\.1\.\d+$/),
      image: "ubuntu",
      tags: {},
    });
    const more = onAws({ agent: { count: 5 }, zoo: {} });
    for (const { name } of environment.hosts) {
      expect(hostOf(more, name).privateAddress).toBe(hostOf(environment, name).privateAddress);
    }
  });

  test("takes its group's zones in turn by its number, so that removing one moves no other", () => {
    const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
    const named = ["a-7", "a-2", "a-0"];
    const environment = onAws({
      platform: { count: 3, zones },
      db: { names: named, zones },
      agent: { count: null, names: named.slice(1).map((name) => `x${name}`), zones },
    });
    const zone = (name: string) => hostOf(environment, name).zone.slice(-1);
    expect([0, 1, 2].map((n) => zone(`yard-test-platform-${n}`))).toEqual(["a", "b", "c"]);
    expect(named.map(zone)).toEqual(["b", "c", "a"]);
    expect(["xa-2", "xa-0"].map(zone)).toEqual(["c", "a"]);
  });

  test("keeps a stated address, and gives it to no other", () => {
    const group = (extra: object): FileGroup => extra as FileGroup;
    const free = (taken: string[]) => {
      const written = [
        ...writtenHosts(group({ privateAddresses: taken }), ["stated"]),
        ...writtenHosts(group({}), ["free"]),
      ];
      return completeAws(aws as FileSettings["aws"], written).hosts.get("free")?.privateAddress;
    };
    const chosen = free(["10.20.1.9"]) as string;
    expect(free([chosen])).not.toBe(chosen);
  });

  test("has the address that its group lists for its name, wherever it stands", () => {
    const group = { privateAddresses: ["10.20.1.9", "10.20.1.8"] };
    const environment = onAws({
      platform: { ...group, count: null, names: ["z", "a"] },
      db: { image: "ami-0123456789abcdef0" },
    });
    expect(hostOf(environment, "z").privateAddress).toBe("10.20.1.9");
    expect(hostOf(environment, "a").privateAddress).toBe("10.20.1.8");
    expect(hostOf(environment, "yard-test-db-0").image).toBe("ami-0123456789abcdef0");
  });

  test("with GPUs announces them without a setting", () => {
    const { groups, hosts } = onAws({ db: { instanceType: "g5.12xlarge" } });
    expect(groups.db?.resources).toEqual({ "NVIDIA-GPU": 4 });
    expect(hosts.find(({ group }) => group === "db")?.resources).toEqual({ "NVIDIA-GPU": 4 });
    expect(groups.platform?.resources).toEqual({});
  });
});

describe("zones", () => {
  test("have a subnet each, by their letter alone, with an address for the share", () => {
    const zones = ["eu-west-1c", "eu-west-1b"];
    expect(onAws({ platform: { zones }, db: { zones }, agent: { zones } }).aws?.zones).toEqual([
      {
        zone: "eu-west-1b",
        subnet: { cidr: "10.20.2.0/24" },
        shareAddress: "10.20.2.4",
      },
      {
        zone: "eu-west-1c",
        subnet: { cidr: "10.20.3.0/24" },
        shareAddress: "10.20.3.4",
      },
    ]);
  });

  test.each([
    ["10.20.0.0/16", "a", "10.20.1.0/24"],
    ["10.20.0.0/20", "f", "10.20.6.0/24"],
    ["10.20.0.0/22", "c", "10.20.0.192/26"],
    ["10.20.0.0/24", "b", "10.20.0.32/28"],
  ])("of %s: %s is %s", (vpc, letter, subnet) => {
    expect(zoneSubnet(vpc, `eu-west-1${letter}`)).toBe(subnet);
  });

  test("of an existing VPC take its subnets", () => {
    const vpc = { id: "vpc-1", subnets: { "eu-west-1b": "subnet-1" } };
    const environment = onAws({ platform: { privateAddresses: ["172.31.0.10"] } }, { vpc });
    expect(environment.aws?.vpc).toEqual({ kind: "existing", id: "vpc-1" });
    expect(environment.aws?.zones).toEqual([{ zone: "eu-west-1b", subnet: { id: "subnet-1" } }]);
    expect(hostOf(environment, "yard-test-db-0")).not.toHaveProperty("privateAddress");
  });
});

test.each([
  ["t3.medium", "x86_64", 0],
  ["t4g.small", "arm64", 0],
  ["m7gd.metal", "arm64", 0],
  ["im4gn.large", "arm64", 0],
  ["a1.large", "arm64", 0],
  ["g4dn.xlarge", "x86_64", 1],
  ["g5.48xlarge", "x86_64", 8],
  ["g5g.xlarge", "arm64", 1],
  ["g4ad.xlarge", "x86_64", 0],
  ["p6-b200.48xlarge", "x86_64", 8],
  ["u-6tb1.metal", "x86_64", 0],
])("%s is %s with %i GPUs", (type, architecture, gpus) => {
  expect([architectureOf(type), gpusOf(type)]).toEqual([architecture, gpus]);
});

test("images follow family, architecture and GPUs", () => {
  const image = (family: AwsHostSettings["image"], architecture: "x86_64" | "arm64", gpus = 0) =>
    imageParameter({ image: family, architecture, gpus });
  expect([
    image("ubuntu", "x86_64"),
    image("ubuntu", "arm64"),
    image("al2023", "x86_64"),
    image("al2023", "arm64"),
    image("ubuntu", "x86_64", 1),
    image("ubuntu", "arm64", 1),
    image("al2023", "x86_64", 1),
    image("ami-0123456789abcdef0", "x86_64", 1),
  ]).toEqual([
    "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
    "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
    "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id",
    "/aws/service/deeplearning/ami/arm64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id",
    "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id",
    undefined,
  ]);
});
