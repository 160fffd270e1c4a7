import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { operatorStatements, recordFile, rightsFor } from "../aws/operator-policy";

const docs = join(__dirname, "../../docs");
const statements = operatorStatements();
const allowed = statements.flatMap(({ Action }) => Action);

test("the operator's policy allows the recorded calls, each once, and nothing else", () => {
  const calls = readFileSync(recordFile, "utf8").trim().split("\n");
  expect(calls.length).toBeGreaterThan(80);
  expect([...allowed].sort()).toEqual(rightsFor(calls));
  expect(statements.every(({ Effect }) => Effect === "Allow")).toBe(true);
});

test("roles, images and repositories are limited to names; roles get no policy but that of sessions", () => {
  const wide = statements.filter(({ Resource }) => Resource === "*").map(({ Sid }) => Sid);
  expect(wide).toEqual(["Network", "Machines", "Share", "WhoAndWhatIsLeft"]);
  const dangerous = (action: string) => statements.find(({ Action }) => Action.includes(action));
  expect(dangerous("iam:AttachRolePolicy")).toMatchObject({
    Condition: {
      ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" },
    },
  });
  expect(dangerous("iam:PassRole")).toMatchObject({
    Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
  });
});

test("the second policy repeats nothing of the first", () => {
  const more = JSON.parse(readFileSync(join(docs, "aws-operator-more.json"), "utf8"));
  const rights = (more.Statement as { Action: string | string[] }[]).flatMap((one) => one.Action);
  expect(rights.filter((right) => allowed.includes(right) || right.includes("*"))).toEqual([]);
});

test("docs/aws.md says why, statement by statement", () => {
  const page = readFileSync(join(docs, "aws.md"), "utf8");
  const section = page.slice(page.indexOf("## Rights"), page.indexOf("## How to reach"));
  const told = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(told).toEqual(statements.map(({ Sid }) => Sid));
});
