import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { STAND_INS_VARIABLE } from "../../components/config/environment/stand-ins";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { environmentFiles } from "../../components/config/file/find";
import { formatProblem } from "../../components/model/problem";

const root = resolve(__dirname, "../..");
const files = environmentFiles(root);
const systems = files.filter(({ path }) => dirname(path) !== root);
const local = systems.filter(({ path }) => {
  return readEnvironmentFile(path).environment?.hosts.every(({ kind }) => kind === "local");
});

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const passwords = [
  "CODALAB_MYSQL_PASSWORD",
  "CODALAB_MYSQL_ROOT_PASSWORD",
  "CODALAB_PASSWORD",
] as const;

/** A copy of an environment file in its project, with more files beside it. */
function copied(path: string, beside: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), "yard-system-"));
  folders.push(folder);
  cpSync(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const own = dirname(relative(root, path));
  cpSync(dirname(path), join(folder, own), { recursive: true });
  for (const [name, text] of Object.entries(beside)) writeFileSync(join(folder, own, name), text);
  return join(folder, own, basename(path));
}

/** The file as its page says: `codalab-aws` has no passwords of its own. */
function prepared(name: string, path: string): string {
  if (name !== "codalab-aws") return path;
  const text = passwords.map((password) => `${password}=one of your own\n`).join("");
  return copied(path, { "passwords.env": text });
}

test("no two environment files have the same name", () => {
  expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
});

describe.each(systems)("the environment $name", ({ name, path }) => {
  test("plans its platforms without problems or warnings", () => {
    const { environment, problems, warnings } = readEnvironmentFile(prepared(name, path));
    expect(problems.map(formatProblem)).toEqual([]);
    expect(warnings.map(formatProblem)).toEqual([]);
    expect(environment?.name).toBe(name);
    expect(environment?.platforms.length).toBeGreaterThan(0);
  });

  test("is described on a page beside it, with the command that starts it", () => {
    const page = join(dirname(path), "README.md");
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, "utf8")).toContain(`npm run up -- -s ${name}`);
  });
});

test.each(local)("$name has a stand-in for each of its images", ({ path }) => {
  vi.stubEnv(STAND_INS_VARIABLE, "true");
  const { environment, problems } = readEnvironmentFile(path);
  expect(problems.map(formatProblem)).toEqual([]);
  const services = environment?.platforms.flatMap(({ plan }) => Object.values(plan.services)) ?? [];
  expect(services.length).toBeGreaterThan(0);
  expect(services.filter(({ image }) => image.kind === "reference")).toEqual([]);
});

test("codalab-aws starts with none of the passwords that everybody knows", () => {
  const path = join(root, "platforms/codalab/Pulumi.codalab-aws.yaml");
  const found = (beside: { readonly [name: string]: string }) =>
    readEnvironmentFile(copied(path, beside)).problems.map((problem) => problem.found);
  expect(found({})[0]).toContain("passwords.env");
  const missing = found({ "passwords.env": "CODALAB_PASSWORD=one of your own\n" });
  expect([...new Set(missing)].sort()).toEqual(
    passwords.slice(0, 2).map((name) => expect.stringContaining(name)),
  );
});

test("on EC2 only the platform's own services reach blue's database, which has no password", () => {
  const { environment } = readEnvironmentFile(join(root, "platforms/blue/Pulumi.blue-aws.yaml"));
  const plans = environment?.platforms.map(({ plan }) => plan.services) ?? [];
  const published = plans.flatMap((services) =>
    Object.entries(services).flatMap(([key, { ports = [] }]) =>
      ports.map(({ target }) => `${key} ${target}`),
    ),
  );
  expect(published.sort()).toEqual(["api 5050", "frontend 3000", "openai 8001"]);
});
