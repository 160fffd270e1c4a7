import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, expect, test } from "vitest";
import { ExistingRegistry } from "../../components/registry/existing";
import { loginFor, registryLogins } from "../../components/registry/logins";
import { pushScript } from "../../components/registry/push-script";
import { Recorder, resolved } from "../recorder";

const LOCAL = "command:local:Command";
const folder = mkdtempSync(join(tmpdir(), "images-"));
writeFileSync(join(folder, "Dockerfile"), "FROM debian:12-slim\n");
afterAll(() => rmSync(folder, { recursive: true }));

const registries = { "ghcr.io": { user: "me", password: "ghcrPassword" } };
let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder({ computed: { [LOCAL]: () => ({ stdout: "sha256:feed" }) } });
  pulumi.runtime.setAllConfig({ "swarmyard:ghcrPassword": "hush" }, ["swarmyard:ghcrPassword"]);
});

const make = (name: string, address: string) =>
  new ExistingRegistry(
    name,
    { environment: { name: "dev", prefix: "yard", registries }, address },
    recorder.opts,
  );

test("images are pushed with the login of the address; the password is secret", async () => {
  const image = make("one", "ghcr.io/team").build("demo/api", { context: "." }, folder);
  await recorder.settle();
  const inputs = recorder.inputs(LOCAL, "one-push-demo/api");
  expect(inputs.stdin).toMatch(
    /^swarmyard\/yard-dev-demo-api:(\w{12})\nghcr\.io\/team\/yard-dev-demo-api:\1\nme\nhush\n$/,
  );
  expect(recorder.secrets(LOCAL, "one-push-demo/api")).toEqual(["stdin"]);
  expect(inputs.create).toBe(pushScript("login").text);
  expect(JSON.stringify({ ...inputs, stdin: "" })).not.toContain("hush");
  expect(await resolved(image)).toBe("ghcr.io/team/yard-dev-demo-api@sha256:feed");
});

test("a registry without a login is pushed to without one; a second instance clashes with nothing", async () => {
  make("one", "ghcr.io/team").build("demo/api", { context: "." }, folder);
  make("two", "registry.example:5000").build("demo/api", { context: "." }, folder);
  await recorder.settle();
  expect(String(recorder.inputs(LOCAL, "two-push-demo/api").stdin)).toMatch(/\n\n\n$/);
});

test("Docker Hub's login is found by any of its names", async () => {
  const logins = { "index.docker.io": { user: "me", password: "ghcrPassword" } };
  expect(loginFor("docker.io/team/app", logins)?.user).toBe("me");
  expect(loginFor("ghcr.io/team/app", logins)).toBeUndefined();
});

test("services carry each login, and its password is a secret of the stack", async () => {
  const [login] = registryLogins({ registries });
  expect(await resolved(login as never)).toEqual({ host: "ghcr.io", user: "me", password: "hush" });
  expect(await pulumi.isSecret(login as pulumi.Output<unknown>)).toBe(true);
  expect(registryLogins({ registries: {} })).toEqual([]);
});
