import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callsPrefix } from "./lab/rights";

/** The policy that the documentation gives to whoever runs these commands. */
const policyFile = join(__dirname, "../../docs/aws-operator-policy.json");

/** Rights that no call is named after: AWS asks for them beside that of a call which hands on a role or tags. */
const impliedBy: { readonly [right: string]: string } = {
  "iam:PassRole": "iam:AddRoleToInstanceProfile",
  "iam:TagRole": "iam:CreateRole",
  "iam:TagInstanceProfile": "iam:CreateInstanceProfile",
  "elasticfilesystem:TagResource": "elasticfilesystem:CreateFileSystem",
  "ecr:TagResource": "ecr:CreateRepository",
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

function rights(): readonly string[] {
  const { Statement: statements } = JSON.parse(readFileSync(policyFile, "utf8")) as {
    readonly Statement: readonly Statement[];
  };
  return statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => Action)
    .sort();
}

function calls(): ReadonlySet<string> {
  const files = readdirSync(tmpdir()).filter((name) => name.startsWith(callsPrefix));
  const read = (name: string) => JSON.parse(readFileSync(join(tmpdir(), name), "utf8"));
  return new Set(files.flatMap(read) as readonly string[]);
}

const lives = ["labdev", "labprod", "prod"];
const whole = lives.every((stack) => existsSync(join(tmpdir(), `${callsPrefix}${stack}.json`)));

test("the operator may do what the laboratories saw, and nothing else", (context) => {
  context.skip(!whole, "not all files of tests/aws ran in this run");
  const seen = calls();
  const allowed = rights();
  expect(allowed.filter((right) => right.includes("*"))).toEqual([]);
  const missing = [...seen].filter((call) => !allowed.includes(call));
  expect(missing, "calls that the policy does not allow").toEqual([]);
  const unused = allowed.filter((right) => !seen.has(right) && !seen.has(impliedBy[right] ?? ""));
  expect(unused, "rights that nothing needed").toEqual([]);
});
