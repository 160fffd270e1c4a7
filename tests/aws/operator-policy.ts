import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A statement of a policy that the documentation gives. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action?: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** The calls that a whole run of the laboratories recorded, a line each. */
export const recordFile = join(__dirname, "calls.txt");

/** A policy of docs/, statement by statement. */
export function policyOf(file: string): readonly Statement[] {
  return JSON.parse(readFileSync(join(__dirname, "../../docs", file), "utf8")).Statement;
}

/** The operator's policy, statement by statement. */
export function operatorStatements(): readonly Statement[] {
  return policyOf("aws-operator-policy.json");
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
