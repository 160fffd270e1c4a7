import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GitHub } from "../github";
import { Runner } from "./runner/runner";

/** The life of a team's dev environment by its workflows alone, told in order. */
let runner: Runner;
let github: GitHub;
/** What the merge printed. */
let applied: string;
const token = "ghs_pass";
const vpc = "10.79.0.0/16";

beforeAll(async () => {
  github = await GitHub.start();
  runner = await Runner.open(vpc);
  oneMachine();
});
afterAll(async () => {
  await runner.close();
  await github.stop();
});

/** Takes away from dev what needs more than one machine. */
function oneMachine(): void {
  for (const group of ["db", "agent", "service"]) {
    runner.configure("dev", ["swarmyard:hosts", "groups", group], null);
  }
  runner.reachPrivately("dev", vpc);
}

/** Runs the preview's workflow for a pull request. */
async function propose(variables: NodeJS.ProcessEnv = {}) {
  const event = join(runner.own, "event.json");
  const head = { sha: "0123456789abcdef" };
  writeFileSync(event, JSON.stringify({ pull_request: { number: 7, head } }));
  return runner.workflow("preview", {
    GITHUB_EVENT_PATH: event,
    GITHUB_REPOSITORY: "team/yard",
    GITHUB_API_URL: github.url,
    ...variables,
  });
}

/** The one comment of the pull request, without what an earlier test had there. */
function comment(): string {
  expect(github.comments).toHaveLength(1);
  return github.comments[0]?.body ?? "";
}

async function runningMachines(): Promise<readonly string[]> {
  const all = await runner.cloud.machines();
  return all.filter(({ state }) => state === "running").map(({ name }) => name);
}

test("without a backend the comment gives the fix", async () => {
  runner.context = { "matrix.stack": "dev", "github.token": token };
  expect((await propose()).status).toBe(1);
  expect(comment()).toContain("No backend is configured for the state of dev.");
  expect(comment()).toContain("variable PULUMI_BACKEND_URL");
  const refused = await runner.workflow("apply");
  expect(refused.status).toBe(1);
  expect(refused.output).toContain("Run: export PULUMI_BACKEND_URL=");
});

test("a backend without the stack says how to make it", async () => {
  const made = await runner.fromTheDocs("create-bucket");
  expect(made.status, made.output).toBe(0);
  const url = "s3://my-team-state?region=eu-west-1";
  runner.context = { ...runner.context, "vars.PULUMI_BACKEND_URL": url };
  expect((await propose()).status).toBe(1);
  expect(comment()).toContain("The backend has no stack dev yet.");
  expect(comment()).toContain("pulumi stack init dev --secrets-provider");
});

test("a stack in a bucket is made with a key of KMS", async () => {
  const { status, output } = await runner.fromTheDocs("stack init dev");
  expect(status, output).toBe(0);
  const settings = readFileSync(runner.fileOf("dev"), "utf8");
  expect(settings).toContain("secretsprovider: awskms://alias/swarmyard?region=eu-west-1");
  expect(settings).toMatch(/^encryptedkey: \S{40,}$/m);
});

test("without AWS credentials preview and apply give the fix", async () => {
  const nobody = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
  const said = "There are no valid AWS credentials to reach the state of dev.\nRun: aws conf";
  expect((await propose(nobody)).status).toBe(1);
  expect(comment()).toContain(said);
  const refused = await runner.workflow("apply", nobody);
  expect([refused.status, refused.output]).toEqual([1, expect.stringContaining(said)]);
});

test("a pull request gets what would be created, in its existing comment, and nothing is created", async () => {
  const { status, output } = await propose();
  expect(status, output).toBe(0);
  expect(output).toContain("The comment on pull request 7 is changed.");
  expect(comment()).toContain("<!-- swarmyard preview dev -->\n### `dev`: 29 to create");
  expect(comment()).toContain(
    "| create | aws:ec2/instance:Instance | yard-dev-platform-0-machine |",
  );
  expect(comment()).toContain("Preview of 0123456789ab. Merging applies it.");
  expect(comment()).not.toMatch(/PRIVATE KEY|ssh-ed25519/);
  expect(await runner.cloud.left()).toEqual([]);
});

test("a merge applies it", async () => {
  const { status, output } = await runner.workflow("apply");
  expect(status, output).toBe(0);
  applied = output;
  expect(await runningMachines()).toEqual(["yard-dev-platform-0"]);
  expect(output).not.toContain("PRIVATE KEY");
  expect(runner.stateText("dev")).not.toContain("PRIVATE KEY");
});

test("its machine is reached as docs/aws.md says", async () => {
  const state = { PULUMI_BACKEND_URL: runner.context["vars.PULUMI_BACKEND_URL"] };
  const nodes = await runner.shell("npm run -s docker -- -s dev node ls", state);
  expect(nodes.output).toMatch(/yard-dev-platform-0 +Ready +Active +Leader/);
  const outputs = `eval "$(npm run -s env -- -s dev)" && pulumi stack output nodes -s dev`;
  expect((await runner.shell(outputs, state)).output).toContain('"yard-dev-platform-0":');
  // A workflow keeps no key, so its log has no command that needs one.
  expect(applied).not.toContain("ssh -F");
  const mine = { ...state, CI: "" };
  const { status, output } = await runner.shell("npm run -s refresh -- -s dev", mine);
  expect(status, output).toBe(0);
  const line = 'ssh -F "$SWARMYARD_STATE/dev/ssh/config" yard-dev-platform-0 hostname';
  expect((await runner.shell(line)).output).toBe("yard-dev-platform-0\n");
});

test("the next pull request names fields, and no values", async () => {
  runner.configure("dev", ["swarmyard:aws", "publicCidrs"], ["198.51.100.0/24"]);
  runner.configure("dev", ["swarmyard:aws", "adminCidrs"], ["198.51.100.7/32"]);
  const { status, output } = await propose();
  expect(status, output).toBe(0);
  expect(comment()).toContain("### `dev`: 1 to update\n");
  expect(comment()).toMatch(
    /\| update \| aws:ec2\/securityGroup:SecurityGroup \| network-hosts \| `in/,
  );
  expect(comment()).not.toContain("198.51.100");
  runner.configure("dev", ["swarmyard:aws", "adminCidrs"], undefined);
});

test("what is young is not destroyed", async () => {
  const { status, output } = await runner.workflow("reap");
  expect(status, output).toBe(0);
  expect(output).toMatch(/^dev stays: it last changed 0\.\d hours ago and lives for 12h\.$/m);
  expect(await runningMachines()).toEqual(["yard-dev-platform-0"]);
});

test("dev is destroyed when its time is up, even with a dead machine, and prod is not", async () => {
  const old = runner.aged("dev", 13);
  runner.keepState("prod", old.replaceAll("pulumi:dev::", "pulumi:prod::"));
  await runner.kill("yard-dev-platform-0");
  const prod = runner.stateText("prod");
  const { status, output } = await runner.workflow("reap");
  expect(status, output).toBe(0);
  expect(output).toMatch(/^dev is destroyed: it last changed 13\.\d hours ago/m);
  expect(output).toContain("AWS holds no leftovers of dev.");
  expect(output).not.toMatch(/^prod/m);
  expect(await runner.cloud.left()).toEqual([]);
  expect(runner.stateText("prod")).toBe(prod);
});

test("what keeps its data is not destroyed by a time that slipped into its file", async () => {
  runner.configure("prod", ["swarmyard:timeToLive"], "12h");
  const prod = runner.stateText("prod");
  const { status, output } = await runner.workflow("reap");
  expect(status).toBe(1);
  expect(output).toContain("dev stays: it is not running.");
  expect(output).toContain("prod: its file has problems; run: npm run preview -- -s prod");
  expect(runner.stateText("prod")).toBe(prod);
});
