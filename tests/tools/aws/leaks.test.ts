import { describe, expect, test } from "vitest";
import { holdingOf, holdings } from "../../../tools/aws/holdings";
import { keptLines, sortHoldings } from "../../../tools/aws/leaks";

/** AWS as far as it is asked; each answer by service and operation. */
function account(answers: { readonly [call: string]: unknown }) {
  const calls: string[] = [];
  const aws = async (...args: readonly string[]) => {
    calls.push(args.join(" "));
    if (args.at(-1)?.endsWith("/gone")) throw new Error("RepositoryNotFoundException: no");
    return answers[`${args[0]} ${args[1]}`] ?? {};
  };
  return { aws, calls };
}

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123:${resource}`;

test.each([
  ["ec2", "instance/i-1", "ec2 instance", "i-1"],
  ["elasticfilesystem", "file-system/fs-1", "elasticfilesystem file-system", "fs-1"],
  ["ecr", "repository/yard-dev/demo/api", "ecr repository", "yard-dev/demo/api"],
  ["backup", "recovery-point:1-2", "backup recovery-point", "1-2"],
  ["sns", "topic", "sns", "topic"],
])("an ARN of %s", (service, resource, kind, id) => {
  expect(holdingOf(arn(service, resource))).toEqual({ kind, id });
});

describe("what is held", () => {
  test("is what exists: what AWS still lists after it is gone counts as nothing", async () => {
    const { aws, calls } = account({
      "resourcegroupstaggingapi get-resources": {
        ResourceTagMappingList: [
          { ResourceARN: arn("ec2", "instance/i-gone") },
          { ResourceARN: arn("ec2", "instance/i-there") },
          { ResourceARN: arn("ec2", "vpc/vpc-there") },
          { ResourceARN: arn("ec2", "volume/vol-gone") },
          { ResourceARN: arn("elasticfilesystem", "file-system/fs-there") },
          { ResourceARN: arn("elasticfilesystem", "file-system/fs-gone") },
          { ResourceARN: arn("ecr", "repository/yard-dev/api") },
          { ResourceARN: arn("ecr", "repository/yard-dev/gone") },
        ],
      },
      "ec2 describe-tags": {
        Tags: [
          { ResourceType: "instance", ResourceId: "i-gone" },
          { ResourceType: "instance", ResourceId: "i-there" },
          { ResourceType: "vpc", ResourceId: "vpc-there" },
        ],
      },
      "ec2 describe-instances": { Reservations: [{ Instances: [{ InstanceId: "i-there" }] }] },
      "efs describe-file-systems": {
        FileSystems: [
          { FileSystemId: "fs-there", LifeCycleState: "available" },
          { FileSystemId: "fs-gone", LifeCycleState: "deleting" },
        ],
      },
    });
    const held = await holdings(aws, "swarmyard/dev", "yard-dev-");
    expect(held.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      "ec2 instance i-there",
      "ec2 vpc vpc-there",
      "ecr repository yard-dev/api",
      "elasticfilesystem file-system fs-there",
    ]);
    expect(calls).toContain(
      "resourcegroupstaggingapi get-resources --tag-filters Key=swarmyard.stack,Values=swarmyard/dev",
    );
  });

  test("a role counts when its tag says so, not its name alone", async () => {
    const roles = ["yard-dev-node", "yard-dev-other", "another"];
    const { calls, aws } = account({
      "iam list-roles": { Roles: roles.map((RoleName) => ({ RoleName })) },
    });
    const tagged = async (...args: readonly string[]) => {
      const answer = await aws(...args);
      if (args[1] !== "list-role-tags") return answer;
      const Value = args[3] === "yard-dev-node" ? "swarmyard/dev" : "swarmyard/other";
      return { Tags: [{ Key: "swarmyard.stack", Value }] };
    };
    expect(await holdings(tagged, "swarmyard/dev", "yard-dev-")).toEqual([
      { kind: "iam role", id: "yard-dev-node" },
    ]);
    expect(calls).not.toContain("iam list-role-tags --role-name another");
  });
});

describe("what is kept on purpose", () => {
  const held = [
    { kind: "elasticfilesystem file-system", id: "fs-1" },
    { kind: "ec2 volume", id: "vol-1" },
  ];
  const share = { kind: "efs", path: "/mnt/share", data: "keep" } as const;

  test("is the file system where data is kept, and a leak where it is not", () => {
    expect(sortHoldings(held, share)).toEqual({ kept: [held[0]], left: [held[1]] });
    expect(sortHoldings(held, { ...share, data: "delete" })).toEqual({ kept: [], left: held });
  });

  test("is named, with the setting that uses it again", () => {
    expect(keptLines("prod", sortHoldings(held, share).kept)).toEqual([
      "Kept on purpose: elasticfilesystem file-system fs-1",
      "To use it again, write in Pulumi.prod.yaml: swarmyard:share: { kind: efs, data: keep, fileSystemId: fs-1 }",
    ]);
    expect(keptLines("prod", [])).toEqual([]);
  });
});
