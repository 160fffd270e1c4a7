import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Laboratory } from "./lab/lab";
import { noteCalls } from "./lab/rights";
import { policyOf } from "./operator-policy";

/** The environment file of production as it stands, previewed against an empty account. */
let lab: Laboratory;
const golden = join(__dirname, "prod.preview.txt");

beforeAll(async () => {
  lab = await Laboratory.open("prod", "Pulumi.prod.yaml");
});
afterAll(async () => {
  await noteCalls(lab);
  await lab.close();
});

interface Step {
  readonly op: string;
  readonly urn: string;
}

test("what prod would make is what the golden file says, and no secret shows", async () => {
  const { status, output } = await lab.run("preview", ["--json"]);
  expect(status, output).toBe(0);
  expect(output).not.toContain("PRIVATE KEY");
  const { steps } = JSON.parse(output.slice(output.indexOf("{\n"))) as {
    readonly steps: readonly Step[];
  };
  const lines = steps.map(({ op, urn }) => {
    const [, , types = "", name = ""] = urn.split("::");
    return `${op} ${types.split("$").at(-1)} ${name}`;
  });
  const found = `${lines.sort().join("\n")}\n`;
  if (process.env.SWARMYARD_WRITE_GOLDEN !== undefined) writeFileSync(golden, found);
  expect(found).toBe(readFileSync(golden, "utf8"));
});

test("the account is as empty as before, and the preview's policy was enough", async () => {
  expect(await lab.cloud.left()).toEqual([]);
  const [look, images] = policyOf("aws-preview-policy.json").map(({ Action = [] }) => Action);
  expect(await lab.cloud.refused()).toEqual([]);
  // Those of an existing VPC, an image of one's own and a share that was kept come on top.
  const seen = await lab.cloud.calls();
  expect(seen.filter((call) => ![look, images].flat().includes(call))).toEqual([]);
});

test("what the operator's policy does not allow is seen", async () => {
  lab.aws("ec2", "create-vpc", "--cidr-block", "10.9.0.0/16");
  lab.aws("iam", "create-role", "--role-name", "yard-x", "--assume-role-policy-document", "{}");
  expect(await lab.cloud.refused()).toEqual([
    "ec2:CreateVpc on arn:aws:ec2:eu-west-1:123456789012:vpc/new with {}",
    "iam:CreateRole on arn:aws:iam::123456789012:role/yard-x with {}",
  ]);
});
