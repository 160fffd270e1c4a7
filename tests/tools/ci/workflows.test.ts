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
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
  readonly if?: string;
}
interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly permissions?: { readonly [right: string]: string };
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: { readonly [name: string]: Job };
}

const read = (file: string) => parse(readFileSync(join(folder, file), "utf8")) as Workflow;

test("there are the three", () => {
  expect(files.sort()).toEqual(["apply.yml", "preview.yml", "reap.yml"]);
});

describe.each(files)("%s", (file) => {
  const workflow = read(file);
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  test("pins every action to a commit and says its version", () => {
    const text = readFileSync(join(folder, file), "utf8");
    const used = text.split("\n").filter((line) => /\buses:/.test(line));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("has a deadline, few rights and no stored keys of AWS", () => {
    expect(jobs.every((job) => (job["timeout-minutes"] ?? 0) > 0)).toBe(true);
    const writes = Object.entries(workflow.permissions ?? {}).filter(([, way]) => way === "write");
    const allowed = file === "preview.yml" ? ["id-token", "pull-requests"] : ["id-token"];
    expect(writes.map(([right]) => right).sort()).toEqual(allowed);
    expect(JSON.stringify(workflow)).not.toMatch(/AWS_SECRET_ACCESS_KEY|aws-secret-access-key/);
  });

  test("runs commands that there are", () => {
    const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(runs.length).toBe(1);
    for (const run of runs) {
      const words = run.replaceAll("${{ matrix.stack }}", "dev").split(" ");
      expect(words.slice(0, 4)).toEqual(["npm", "run", "ci", "--"]);
      const { command, rest } = parseArguments(["ci", ...words.slice(4)]);
      expect([command, rest]).toEqual(["ci", [file.replace(".yml", "")]]);
    }
  });

  test("puts nothing that a stranger writes into a shell", () => {
    const inShell = steps.map(({ run = "" }) => run).join("\n");
    expect(inShell).not.toMatch(/\$\{\{\s*github\.(event|head_ref)/);
  });
});

test("what writes the state runs one at a time and is never cut off", () => {
  for (const file of ["apply.yml", "reap.yml"]) {
    expect(read(file).concurrency).toEqual({ group: "apply", "cancel-in-progress": false });
  }
});

test("a fork's pull request gets no role", () => {
  const { on, jobs } = read("preview.yml");
  expect(Object.keys(on)).toEqual(["pull_request"]);
  expect(jobs.preview?.if).toBe(
    "github.event.pull_request.head.repo.full_name == github.repository",
  );
});
