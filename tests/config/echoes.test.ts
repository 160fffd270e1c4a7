import { expect, test } from "vitest";
import { withoutEchoes } from "../../components/config/echoes";
import { fileProblem, formatProblem, missingValue } from "../../components/model/problem";
import { read } from "../compose/read";
import { readChanged } from "./yard";

const about = { allowed: "x", fix: "x" };

test("what is missing only because it was wrong is not reported twice", () => {
  const wrong = fileProblem(["aws", "adminCidrs", 0], { found: '"0.0.0.0/0"', ...about });
  const missing = missingValue(["aws", "adminCidrs"], about);
  const other = missingValue(["aws", "region"], about);
  expect(withoutEchoes([wrong, missing, other])).toEqual([wrong, other]);
  expect(withoutEchoes([missing, other])).toEqual([missing, other]);
});

test("a repetition is known by its mark, whatever its words are", () => {
  const wrong = fileProblem(["share", "path"], {
    found: "nothing, or what looks like it",
    ...about,
  });
  const around = fileProblem(["share"], { found: "nothing", ...about });
  expect(withoutEchoes([wrong, around])).toEqual([wrong, around]);
  const missing = { ...around, found: "no path", echo: "missing" as const };
  expect(withoutEchoes([wrong, missing])).toEqual([wrong]);
});

test("what a platform lacks where its compose file was refused is not reported twice", () => {
  const refused = { path: "c.yaml: services.db", line: "c.yaml:3:5", found: "no image", ...about };
  const echo = { path: "services.db.image", found: "no image", ...about, echo: "read" as const };
  const further = { ...echo, line: "c.yaml:4:5" };
  const elsewhere = { ...echo, path: "platforms/demo: services.db" };
  const repeated = { ...echo, line: "c.yaml:3:5" };
  expect(withoutEchoes([refused, repeated, further, elsewhere])).toEqual([
    refused,
    further,
    elsewhere,
  ]);
});

test("a compose file in a folder named platforms is refused once, as any other", () => {
  const refused = { path: "platforms/db.yaml: services.db", line: "platforms/db.yaml:3:5" };
  const echo = { path: "platforms/shop: services.db.image", line: refused.line, found: "nothing" };
  const problems = [
    { ...refused, found: "no image", ...about },
    { ...echo, ...about, echo: "read" as const },
  ];
  expect(withoutEchoes(problems)).toEqual(problems.slice(0, 1));
});

test("without its base, a file is not blamed for what the base would have said", () => {
  const { problems } = readChanged({ exact: { base: "awss", bases: { aws: {} }, platforms: {} } });
  expect(problems.map(({ path }) => path)).toEqual(["swarmyard:base"]);
});

test("a platform whose `compose` is not a list is not looked for in platforms/", () => {
  const { problems } = readChanged({ values: { platforms: { bad: { compose: "compose.yaml" } } } });
  expect(problems.map(({ path, fix }) => [path, fix])).toEqual([
    ["swarmyard:platforms.bad.compose", "`compose: [compose.yaml]`"],
  ]);
});

test("a service whose image or secret is refused is still checked further", () => {
  const { spec, problems, warnings } = read(
    "services: { db: { build: no, secrets: [s], depends_on: [dbb] } }\nsecrets: { s: { file: no } }\n",
  );
  expect(problems.map(({ found }) => found)).toEqual([
    "a build whose Dockerfile /shop/no/Dockerfile cannot be read",
    "/shop/no, which cannot be read",
  ]);
  expect(warnings.map(({ fix }) => fix)).toEqual(["did you mean `db`?"]);
  expect(spec).toMatchObject({
    secrets: { s: { file: "no" } },
    services: { db: { image: "refused:0", secrets: { s: { source: "s" } } } },
  });
});

test("what is written in place of a secret's name is in no message", () => {
  const { problems } = readChanged({
    values: { registries: { "ghcr.io": { user: "me", password: "hunter2!!" } } },
  });
  expect(problems.map(({ found }) => found)).toEqual([
    "text that is not such a name, perhaps the secret itself",
  ]);
  expect(problems.map(formatProblem).join("\n")).not.toContain("hunter2");
});
