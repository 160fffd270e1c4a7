import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sessionsPolicy } from "../../components/hosts/aws/role";
import { operatorStatements, policyOf, recordFile, rightsFor } from "../aws/operator-policy";

const docs = join(__dirname, "../../docs");
const statements = operatorStatements();
const allowed = statements.flatMap(({ Effect, Action = [] }) => (Effect === "Allow" ? Action : []));
const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);
const ours = { StringLike: { "aws:ResourceTag/swarmyard.stack": "swarmyard/*" } };

test("the operator's policy allows the recorded calls and nothing else", () => {
  const calls = readFileSync(recordFile, "utf8").trim().split("\n");
  expect(calls.length).toBeGreaterThan(80);
  // cspell:ignore Uefi
  // The provider asks for it of an image, which has none, and does without an answer.
  const needed = calls.filter((call) => call !== "ec2:GetInstanceUefiData");
  expect([...new Set(allowed)].sort()).toEqual(rightsFor(needed));
});

test("without a tag, a name or a boundary it only reads, and puts a new machine together", () => {
  const free = statements.filter(
    ({ Effect, Resource, Condition }) =>
      Effect === "Allow" && Condition === undefined && !/yard-/.test(JSON.stringify(Resource)),
  );
  expect(free.map(({ Sid }) => Sid)).toEqual([
    ...["Look", "Images", "PartsOfMachines", "AddressesOfReplaced"],
  ]);
  // AWS knows no tag of an association that is gone.
  expect(statement("AddressesOfReplaced")?.Action).toEqual(["ec2:DisassociateAddress"]);
  const reads = /^\w+:(Describe|Get|List)/;
  expect([statement("Look")?.Action].flat().filter((one) => !reads.test(one ?? ""))).toEqual([]);
  expect(statement("PartsOfMachines")?.Action).toEqual([
    "ec2:AssociateAddress",
    "ec2:CancelSpotInstanceRequests",
    "ec2:RunInstances",
  ]);
});

test("what it changes or deletes has our tag, and what it creates gets it", () => {
  expect(statement("ChangeOurs")).toMatchObject({ Resource: "*", Condition: ours });
  expect(statement("CreateInside")?.Condition).toEqual(ours);
  expect(statement("CreateTagged")?.Condition).toEqual({
    StringLike: { "aws:RequestTag/swarmyard.stack": "swarmyard/*" },
  });
  const destroying = statements.filter(
    ({ Effect, Action = [] }) => Effect === "Allow" && /Delete|Terminate/.test(String(Action)),
  );
  expect(destroying.map(({ Sid }) => Sid)).toEqual(["ChangeOurs", "Roles", "Repositories"]);
});

test("roles get no rights beyond their boundary, and no policy of others", () => {
  const boundary = "arn:aws:iam::123456789012:policy/yard-machines";
  expect(statement("RolesWithBoundary")).toMatchObject({
    Action: ["iam:CreateRole", "iam:PutRolePolicy"],
    Resource: "arn:aws:iam::123456789012:role/yard-*",
    Condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
  });
  const rights = [
    ...allowed,
    ...policyOf("aws-operator-more.json").flatMap((one) => one.Action ?? []),
  ];
  for (const right of ["iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary"]) {
    expect(rights).not.toContain(right);
  }
  expect(statement("RolesToMachines")?.Condition).toEqual({
    StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
  });
});

test("the boundary covers what machines are given, and neither parameters nor roles", () => {
  const rights = policyOf("aws-machine-boundary.json").flatMap((one) => one.Action ?? []);
  expect(rights).toEqual(
    expect.arrayContaining([
      ...sessionsPolicy.Statement.flatMap(({ Action }) => Action),
      "ecr:BatchGetImage",
      "elasticfilesystem:ClientMount",
      "logs:PutLogEvents",
    ]),
  );
  expect(rights.filter((right) => /^(iam|ec2|s3|kms):|Parameter|\*/.test(right))).toEqual([]);
});

test("a preview reads, and never user data", () => {
  const rights = policyOf("aws-preview-policy.json").flatMap((one) => one.Action ?? []);
  expect(rights.filter((right) => !/^\w+:(Describe|Get|List)\w+$/.test(right))).toEqual([]);
  expect(rights).not.toContain("ec2:DescribeInstanceAttribute");
});

test("the second policy repeats nothing of the first, and narrows what it changes", () => {
  const more = policyOf("aws-operator-more.json");
  const rights = more.flatMap((one) => one.Action ?? []);
  expect(rights.filter((right) => allowed.includes(right) || right.includes("*"))).toEqual([]);
  const find = (sid: string) => more.find(({ Sid }) => Sid === sid);
  expect(find("ChangesInPlace")?.Condition).toEqual(ours);
  expect(find("Sessions")?.Condition).toEqual({
    StringLike: { "ssm:resourceTag/swarmyard.stack": "swarmyard/*" },
  });
});

test("network interfaces change only through EFS, whoever's they are", () => {
  const statement = policyOf("aws-operator-more.json").find(({ Sid }) => Sid === "MountTargets");
  expect(statement?.Action).toEqual([
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:ModifyNetworkInterfaceAttribute",
  ]);
  expect(statement?.Condition).toEqual({ Bool: { "aws:ViaAWSService": "true" } });
});

/** A call, what it names, and the value of our tag there, or another tag; "" is none. */
type Call = readonly [action: string, id: string, tag: string];

/** Which calls the laboratory's judge refuses, for the sake of what they name. */
function refused(calls: readonly Call[]): readonly string[] {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import rights
class World:
    def __init__(self, id, tag):
        self.id, self.tag = id, tag
    def resources(self, texts):
        key, _, value = self.tag.rpartition("=")
        return [(rights.KINDS[self.id.split("-")[0]], self.id, {key or "swarmyard.stack": value} if value else {})]
    def boundary(self, role):
        return None
said = []
for action, id, tag in json.loads(sys.argv[2]):
    lines = rights.refused("ec2", action, [("Id", id), ("Tag.1.Key", "swarmyard.stack"), ("Tag.1.Value", "swarmyard/x")], World(id, tag))
    if any(f"/{id} " in line for line in lines):
        said.append(f"{action} {id.split('-')[0]} {tag}")
print(json.dumps(said))`;
  const words = [join(__dirname, "../aws/lab"), JSON.stringify(calls)];
  return JSON.parse(execFileSync("python3", ["-c", program, ...words], { encoding: "utf8" }));
}

const vpc = "vpc-0123456789abcdef0";
const subnet = "subnet-0123456789abcdef0";

test("a network of others takes machines and security groups, and is not changed or deleted", () => {
  const calls = [
    ["DeleteVpc", vpc],
    ["ModifyVpcAttribute", vpc],
    ["CreateTags", vpc],
    ["CreateSubnet", vpc],
    ["AttachInternetGateway", vpc],
    ["DeleteSubnet", subnet],
    ["ModifySubnetAttribute", subnet],
    ["AssociateRouteTable", subnet],
  ] as const;
  const tagged = (tag: string) => calls.map(([action, id]): Call => [action, id, tag]);
  expect(refused(tagged("swarmyard/dev"))).toEqual([]);
  expect(refused(tagged("swarmyard/network"))).toHaveLength(calls.length);
  const needed: readonly Call[] = [
    ["CreateSecurityGroup", vpc, "swarmyard/network"],
    ["RunInstances", subnet, "swarmyard/network"],
  ];
  expect(refused(needed)).toEqual([]);
});

test("a disk gets our tag only while it has no name, or is ours", () => {
  const disk = "vol-0123456789abcdef0";
  const tags = ["", "swarmyard/dev", "Name=database", "swarmyard.stack=other/dev"];
  expect(refused(tags.map((tag): Call => ["CreateTags", disk, tag]))).toEqual([
    "CreateTags vol Name=database",
    "CreateTags vol swarmyard.stack=other/dev",
  ]);
});

test("the request of a Spot machine has no tag, and the machine can go all the same", () => {
  expect(refused([["CancelSpotInstanceRequests", "sir-12345678", ""]])).toEqual([]);
});

test("each policy is short enough for AWS", () => {
  for (const name of ["operator-policy", "operator-more", "machine-boundary", "preview-policy"]) {
    const text = readFileSync(join(docs, `aws-${name}.json`), "utf8");
    expect(JSON.stringify(JSON.parse(text)).length).toBeLessThan(6144);
  }
});

test("docs/aws.md says why, statement by statement", () => {
  const page = readFileSync(join(docs, "aws.md"), "utf8");
  const section = page.slice(page.indexOf("## Rights"), page.indexOf("## How to reach"));
  const told = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(told).toEqual(statements.map(({ Sid }) => Sid));
});
