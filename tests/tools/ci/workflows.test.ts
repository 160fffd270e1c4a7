import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseArguments } from "../../../tools/arguments";

const folder = resolve(__dirname, "../../../.github/workflows");
const files = readdirSync(folder);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: { readonly [name: string]: string };
}
interface Job {
  readonly env?: object;
  /** A GitHub environment, with its own variables, secrets and role. */
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
  readonly if?: string;
  readonly needs?: string;
  /** Another workflow, which has a deadline and steps of its own. */
  readonly uses?: string;
  readonly permissions?: { readonly [right: string]: string };
  readonly secrets?: unknown;
}
interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly permissions?: { readonly [right: string]: string };
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: { readonly [name: string]: Job };
}

const read = (file: string) => parse(readFileSync(join(folder, file), "utf8")) as Workflow;

const install = "npm ci --ignore-scripts";

/** Rights to write that each needs, and the commands that it runs. */
const expected: { readonly [file: string]: { writes: string[]; runs: string[] } } = {
  "apply.yml": {
    writes: ["id-token"],
    runs: [install, "npm run ci -- apply -s ${{ matrix.stack }} --yes"],
  },
  "check.yml": {
    writes: [],
    runs: [install, "npm run check", "npx vitest run --project unit"],
  },
  "preview.yml": {
    writes: ["id-token", "pull-requests"],
    runs: [install, "npm run ci -- preview -s ${{ matrix.stack }}"],
  },
  "reap.yml": { writes: ["id-token"], runs: [install, "npm run ci -- reap"] },
};

test("there are the four", () => {
  expect(files.sort()).toEqual(Object.keys(expected));
});

describe.each(files)("%s", (file) => {
  const workflow = read(file);
  const jobs = Object.values(workflow.jobs);
  const own = jobs.filter(({ uses }) => uses === undefined);
  const steps = own.flatMap((job) => job.steps ?? []);

  test("pins every action to a commit and says its version", () => {
    const text = readFileSync(join(folder, file), "utf8");
    const used = text.split("\n").filter((line) => /\buses: (?!\.\/)/.test(line));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("has a deadline, few rights and no stored keys of AWS", () => {
    expect(own.every((job) => (job["timeout-minutes"] ?? 0) > 0)).toBe(true);
    const writes = Object.entries(workflow.permissions ?? {}).filter(([, way]) => way === "write");
    expect(writes.map(([right]) => right).sort()).toEqual(expected[file]?.writes);
    expect(JSON.stringify(workflow)).not.toMatch(/AWS_SECRET_ACCESS_KEY|aws-secret-access-key/);
  });

  test("runs existing commands", () => {
    const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(runs).toEqual(expected[file]?.runs);
    for (const run of runs.filter((text) => text.startsWith("npm run ci"))) {
      const words = run.replaceAll("${{ matrix.stack }}", "dev").split(" ");
      const { command, rest } = parseArguments(["ci", ...words.slice(4)]);
      expect([command, rest]).toEqual(["ci", [file.replace(".yml", "")]]);
    }
  });

  test("passes nothing that a stranger writes to a shell", () => {
    const inShell = steps.map(({ run = "" }) => run).join("\n");
    expect(inShell).not.toMatch(/\$\{\{\s*github\.(event|head_ref)/);
  });
});

test("what writes the state is never cut off, and no hourly run takes the place of a waiting apply", () => {
  expect(read("apply.yml").jobs.apply?.concurrency).toEqual({
    group: "apply-${{ matrix.stack }}",
    "cancel-in-progress": false,
  });
  expect(read("reap.yml").jobs.reap?.concurrency).toEqual({
    group: "reap",
    "cancel-in-progress": false,
  });
  for (const file of ["apply.yml", "reap.yml"]) expect(read(file).concurrency).toBeUndefined();
});

describe.each(["apply", "preview", "reap"])("%s", (name) => {
  const { environment, env, steps = [] } = read(`${name}.yml`).jobs[name] ?? {};

  test("has an environment of its own, whose role its trust policy in the docs names", () => {
    const stacks = name === "reap" ? [""] : ["dev", "prod"];
    const docs = readFileSync(resolve(folder, "../../docs/aws.md"), "utf8");
    for (const stack of stacks) {
      const one = environment?.replaceAll("${{ matrix.stack }}", stack) ?? "";
      expect(one).toMatch(/^(dev|prod)(-preview)?$/);
      expect(docs).toContain(`repo:<owner>/<repository>:environment:${one}`);
    }
  });

  test("installs packages before there are credentials, and hands secrets to the last step alone", () => {
    const installs = steps.findIndex(({ run }) => run === install);
    const credentials = steps.findIndex(({ uses }) => uses?.includes("configure-aws-credentials"));
    expect(installs).toBeGreaterThan(0);
    expect(credentials).toBeGreaterThan(installs);
    expect(env).toBeUndefined();
    const holders = steps.filter((step) => JSON.stringify(step).includes("secrets."));
    expect(holders).toEqual([steps.at(-1)]);
  });
});

test("a fork's pull request gets no role", () => {
  const { on, jobs } = read("preview.yml");
  expect(Object.keys(on)).toEqual(["pull_request"]);
  expect(jobs.preview?.if).toBe(
    "github.event.pull_request.head.repo.full_name == github.repository",
  );
});

test("every pull request is checked, without secrets, a role or scripts of packages", () => {
  const { on, permissions } = read("check.yml");
  expect(on).toEqual({ pull_request: null, workflow_call: null });
  expect(permissions).toEqual({ contents: "read" });
  expect(readFileSync(join(folder, "check.yml"), "utf8")).not.toMatch(/secrets\.|vars\./);
});

test("a merge is applied only after the same checks, which get neither secrets nor a role", () => {
  const { jobs } = read("apply.yml");
  expect(jobs.apply?.needs).toBe("check");
  expect(jobs.check).toEqual({
    uses: "./.github/workflows/check.yml",
    permissions: { contents: "read" },
  });
});

test("docs/aws.md says what GitHub must not allow, and what a preview needs", () => {
  const page = readFileSync(resolve(folder, "../../docs/aws.md"), "utf8").replaceAll(/\s+/g, " ");
  for (const said of [
    "`config.sh --ephemeral`",
    "apply.yml@refs/heads/main` may use",
    'leave "Allow GitHub Actions to create and approve pull requests" off',
    "no more of the state than `s3:ListBucket`, `s3:GetObject` and `kms:Decrypt`",
  ]) {
    expect(page).toContain(said);
  }
});
