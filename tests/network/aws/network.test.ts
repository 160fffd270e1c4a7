import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../../components/model/merge";
import { createNetwork } from "../../../components/network";
import { hostRules, publishedRules } from "../../../components/network/aws/rules";
import { awsEnvironment } from "../../aws-environment";
import { type Answer, Recorder, resolved } from "../../recorder";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

async function make(changes: PlainMap = {}, answers: { [token: string]: Answer } = {}) {
  const recorder = new Recorder({ stack: "one", answers });
  const { aws } = await createNetwork(awsEnvironment(changes), recorder.opts);
  if (aws === undefined) throw new Error("no network");
  await recorder.settle();
  return { recorder, network: aws };
}

test("a new VPC has a subnet for each zone with hosts, a way out, and two groups", async () => {
  const { recorder, network } = await make();
  expect(recorder.list()).toEqual([
    "aws:ec2/internetGateway:InternetGateway network-gateway",
    "aws:ec2/routeTable:RouteTable network-routes",
    "aws:ec2/routeTableAssociation:RouteTableAssociation network-route-eu-west-1a",
    "aws:ec2/routeTableAssociation:RouteTableAssociation network-route-eu-west-1b",
    `${GROUP} network-hosts`,
    `${GROUP} network-published`,
    `${SUBNET} network-subnet-eu-west-1a`,
    `${SUBNET} network-subnet-eu-west-1b`,
    `${VPC} network-vpc`,
    "pulumi:providers:aws aws",
    "swarm:network:Aws network",
  ]);
  expect(recorder.inputs(VPC, "network-vpc")).toEqual({
    cidrBlock: "10.20.0.0/16",
    enableDnsSupport: true,
    enableDnsHostnames: true,
    tags: { Name: "vm-one" },
  });
  expect(recorder.inputs(SUBNET, "network-subnet-eu-west-1b")).toEqual({
    vpcId: "network-vpc-id",
    availabilityZone: "eu-west-1b",
    cidrBlock: "10.20.2.0/24",
    mapPublicIpOnLaunch: true,
    tags: { Name: "vm-one-eu-west-1b" },
  });
  expect(recorder.inputs("aws:ec2/routeTable:RouteTable", "network-routes").routes).toEqual([
    { cidrBlock: "0.0.0.0/0", gatewayId: "network-gateway-id" },
  ]);
  const { defaultTags, region } = recorder.inputs("pulumi:providers:aws", "aws");
  expect(region).toBe("eu-west-1");
  const tags = { team: "blue", "swarmyard.stack": "swarmyard/one" };
  expect(JSON.parse(String(defaultTags))).toEqual({ tags });
  expect(network.shareAddress("eu-west-1b")).toBe("10.20.2.4");
  expect(network.cidr).toBe("10.20.0.0/16");
});

test("groups hold their rules themselves, closed by default", async () => {
  const { recorder } = await make();
  const everything = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };
  expect(recorder.inputs(GROUP, "network-hosts")).toEqual({
    name: "vm-one-hosts",
    description: "The swarm among its own hosts, SSH of its operators",
    vpcId: "network-vpc-id",
    ingress: hostRules(["203.0.113.0/24"]),
    egress: [{ description: "everything", ...everything }],
    tags: { Name: "vm-one-hosts" },
  });
  expect(recorder.inputs(GROUP, "network-published").ingress).toEqual([]);
});

describe("rules", () => {
  test("of hosts are the swarm's own among themselves, and SSH for operators", () => {
    const rules = hostRules(["203.0.113.0/24"]).map(
      ({ protocol, fromPort, toPort, self, cidrBlocks }) =>
        `${protocol} ${fromPort}-${toPort} ${self ? "self" : cidrBlocks?.join(",")}`,
    );
    expect(rules).toEqual([
      "tcp 2377-2377 self",
      "tcp 7946-7946 self",
      "udp 7946-7946 self",
      "udp 4789-4789 self",
      "50 0-0 self",
      "tcp 9323-9323 self",
      "tcp 22-22 203.0.113.0/24",
    ]);
    expect(hostRules([]).every(({ self }) => self)).toBe(true);
    const udp = (port?: number) =>
      hostRules([], port).flatMap(({ protocol, fromPort }) =>
        protocol === "udp" ? [fromPort] : [],
      );
    expect(udp()).toEqual([7946, 4789]);
    expect(udp(7789)).toEqual([7946, 7789]);
  });

  test("of published ports follow the platforms and publicCidrs", () => {
    const ports = [
      { published: 8080, protocol: "tcp" as const },
      // Of another platform, on other nodes.
      { published: 8080, protocol: "tcp" as const },
      { published: 53, protocol: "udp" as const },
      { published: 3868, protocol: "sctp" as const },
    ];
    expect(publishedRules(ports, [])).toEqual([]);
    const rules = publishedRules(ports, ["0.0.0.0/0"]);
    expect(rules.map(({ protocol, fromPort }) => `${protocol} ${fromPort}`)).toEqual([
      "udp 53",
      "132 3868",
      "tcp 8080",
    ]);
    expect(rules.every(({ cidrBlocks }) => cidrBlocks?.join() === "0.0.0.0/0")).toBe(true);
  });
});

const existing: PlainMap = {
  hosts: { groups: { m: { privateAddresses: ["172.31.0.10", "172.31.16.10", "172.31.0.11"] } } },
  aws: { vpc: { id: "vpc-1", subnets: { "eu-west-1a": "subnet-a", "eu-west-1b": "subnet-b" } } },
};
const found: { [token: string]: Answer } = {
  "aws:ec2/getVpc:getVpc": () => ({ cidrBlock: "172.31.0.0/16" }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
    vpcId: "vpc-1",
    availabilityZone: id === "subnet-a" ? "eu-west-1a" : "eu-west-1b",
    cidrBlock: id === "subnet-a" ? "172.31.0.0/20" : "172.31.16.0/20",
  }),
};

test("an existing VPC is used as it is", async () => {
  const { recorder, network } = await make(existing, found);
  expect(recorder.list().filter((entry) => !entry.startsWith(GROUP))).toEqual([
    "pulumi:providers:aws aws",
    "swarm:network:Aws network",
  ]);
  expect(await resolved(network.vpcId)).toBe("vpc-1");
  expect(await resolved(network.zones.get("eu-west-1b") ?? "")).toBe("subnet-b");
  expect(network.cidr).toBe("172.31.0.0/16");
  expect(network.shareAddress("eu-west-1a")).toBeUndefined();
});
