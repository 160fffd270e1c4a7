import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A statement of the policy that the documentation gives to operators. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** The calls that a whole run of the laboratories recorded, a line each. */
export const recordFile = join(__dirname, "calls.txt");

/** The policy, statement by statement. */
export function operatorStatements(): readonly Statement[] {
  const file = join(__dirname, "../../docs/aws-operator-policy.json");
  return JSON.parse(readFileSync(file, "utf8")).Statement;
}

/** Rights that no call is named after: AWS asks for them beside that of a call which hands on a role or tags. */
const needed: { readonly [call: string]: readonly string[] } = {
  "iam:AddRoleToInstanceProfile": ["iam:PassRole"],
  "iam:CreateRole": ["iam:TagRole"],
  "iam:CreateInstanceProfile": ["iam:TagInstanceProfile"],
  "elasticfilesystem:CreateFileSystem": ["elasticfilesystem:TagResource"],
  "ecr:CreateRepository": ["ecr:TagResource"],
};

/** The rights that some calls need, in order. */
export function rightsFor(calls: readonly string[]): readonly string[] {
  return [...new Set(calls.flatMap((call) => [call, ...(needed[call] ?? [])]))].sort();
}
