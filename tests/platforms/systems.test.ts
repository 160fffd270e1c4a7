import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
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

afterEach(() => {
  vi.unstubAllEnvs();
});

test("no two environment files have the same name", () => {
  expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
});

describe.each(systems)("the environment $name", ({ name, path }) => {
  test("plans its platforms without problems, and warns of the Docker engine's socket alone", () => {
    const { environment, problems, warnings } = readEnvironmentFile(path);
    expect(problems.map(formatProblem)).toEqual([]);
    // blue's API creates services, CodaLab's workers containers, and Traefik reads services.
    const needsSocket = /^(blue|codalab|nlp-cloud)/.test(name);
    expect(warnings.map(({ found }) => found)).toEqual(
      needsSocket ? [expect.stringMatching(/^\/var\/run\/docker\.sock/)] : [],
    );
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
