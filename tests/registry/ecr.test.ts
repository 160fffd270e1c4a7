import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, expect, test } from "vitest";
import { EcrRegistry, keepLast } from "../../components/registry/ecr";
import { pullScript, renewScript } from "../../components/registry/ecr-scripts";
import { pushScript } from "../../components/registry/push-script";
import { localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainHost } from "../swarm-of-hosts";

const REPOSITORY = "aws:ecr/repository:Repository";
const POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const IMAGE = "docker:index/remoteImage:RemoteImage";
const LOCAL = "command:local:Command";
const REMOTE = "command:remote:Command";
const HOST = "123.dkr.ecr.eu-west-1.amazonaws.com";

const folder = mkdtempSync(join(tmpdir(), "images-"));
writeFileSync(join(folder, "Dockerfile"), "FROM debian:12-slim\n");
afterAll(() => rmSync(folder, { recursive: true }));

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder({
    computed: {
      [REPOSITORY]: (name) => ({ repositoryUrl: `${HOST}/${name}` }),
      [LOCAL]: () => ({ stdout: "sha256:feed" }),
    },
  });
});

function registry(name: string): EcrRegistry {
  const hosts = (["manager", "worker"] as const).map((role) =>
    plainHost(localHost(`${name}-${role}`, { role }), "10.0.0.1", recorder.opts),
  );
  return new EcrRegistry(name, { environment: { name, prefix: "yard" }, hosts }, recorder.opts);
}

test("two registries with two images each do not clash, and create exactly this", async () => {
  for (const name of ["one", "two"]) {
    const made = registry(name);
    made.build("demo/api", { context: "." }, folder);
    made.build("demo/web", { context: "." }, folder);
  }
  await recorder.settle();
  const mine = (name: string) => recorder.list().filter((line) => line.includes(` ${name}`));
  expect(mine("one").filter((line) => !line.startsWith("test:"))).toEqual(
    [
      `${REPOSITORY} one-repository-demo/api`,
      `${REPOSITORY} one-repository-demo/web`,
      `${POLICY} one-kept-demo/api`,
      `${POLICY} one-kept-demo/web`,
      `${LOCAL} one-push-demo/api`,
      `${LOCAL} one-push-demo/web`,
      `${REMOTE} one-tokens-one-manager`,
      `${IMAGE} one-image-demo/api`,
      `${IMAGE} one-image-demo/web`,
      "swarm:registry:Ecr one",
    ].sort(),
  );
  expect(mine("two").length).toBe(mine("one").length);
});

test("a repository is immutable, scanned and encrypted, and goes with its images", async () => {
  registry("one").build("demo/api", { context: "." }, folder);
  await recorder.settle();
  expect(recorder.inputs(REPOSITORY, "one-repository-demo/api")).toEqual({
    name: "yard-one/demo/api",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "AES256" }],
    forceDelete: true,
  });
  expect(recorder.inputs(POLICY, "one-kept-demo/api").policy).toBe(keepLast(30));
});

test("an image is pushed under the hash of its content with no token in any input", async () => {
  const image = registry("one").build("demo/api", { context: "." }, folder);
  await recorder.settle();
  const here = recorder.inputs(IMAGE, "one-image-demo/api").name as string;
  expect(here).toMatch(/^swarmyard\/yard-one\/demo\/api:[0-9a-f]{12}$/);
  const there = `${HOST}/one-repository-demo/api:${here.split(":")[1]}`;
  expect(recorder.inputs(LOCAL, "one-push-demo/api")).toEqual({
    create: pushScript("ecr").text,
    update: pushScript("ecr").text,
    stdin: `${here}\n${there}\n`,
    interpreter: ["bash", "-c"],
    addPreviousOutputInEnv: false,
  });
  expect(await resolved(image)).toBe(`${HOST}/one-repository-demo/api@sha256:feed`);
});

test("every host gets the images in one order, before services; no image, no command", async () => {
  const made = registry("one");
  const images = ["b", "a"].map((name) => pulumi.output(`${HOST}/${name}@sha256:feed`));
  expect(made.bring("demo", images)).toHaveLength(2);
  expect(made.bring("empty", [])).toEqual([]);
  await recorder.settle();
  for (const host of ["one-manager", "one-worker"]) {
    const inputs = recorder.inputs(REMOTE, `one-pull-demo-${host}`);
    expect(inputs.stdin).toBe(`${HOST}\n${HOST}/a@sha256:feed\n${HOST}/b@sha256:feed\n`);
    expect(inputs.update).toBe(inputs.create);
    expect(inputs.create).toContain(pullScript().text.split("\n")[0]);
  }
});

test("tokens are renewed on managers only", async () => {
  registry("one").build("demo/api", { context: "." }, folder);
  await recorder.settle();
  const inputs = recorder.inputs(REMOTE, "one-tokens-one-manager");
  expect(inputs.stdin).toBe(`${HOST}\n`);
  expect(String(inputs.create)).toContain("swarmyard-ecr-tokens.timer");
  expect(recorder.list()).not.toContain(`${REMOTE} one-tokens-one-worker`);
  expect(renewScript().text).not.toMatch(/get-login-password/);
});
