import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { imageName } from "../../components/local-engine/image";
import type { ImageBuild } from "../../components/model/platform/spec";
import { builtImage } from "../../components/registry/build";
import { pushedImage } from "../../components/registry/push";
import { Recorder, resolved } from "../recorder";

const COMMAND = "command:local:Command";
const IMAGE = "docker:index/remoteImage:RemoteImage";

const folder = mkdtempSync(join(tmpdir(), "built-"));
writeFileSync(join(folder, "Dockerfile"), "FROM debian:13-slim\n");
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "assets", "a"), "a");
afterAll(() => rmSync(folder, { recursive: true }));

const build = async (one: ImageBuild) => {
  const recorder = new Recorder({ stack: "one" });
  const made = builtImage("image", { build: one, folder, repository: "shop/web" }, recorder.opts);
  await recorder.settle();
  return { recorder, made };
};

test("a plain build stays with the Docker plugin", async () => {
  const { recorder, made } = await build({ context: "." });
  expect(recorder.inputs(IMAGE, "image")).toMatchObject({ name: await resolved(made.name) });
  expect(made.platforms).toEqual([]);
});

test("a build with a secret is a command, whose text does not have the secret", async () => {
  const { recorder, made } = await build({
    context: ".",
    secrets: { npm: { value: "geheim" } },
  });
  const { create, stdin, interpreter } = recorder.inputs(COMMAND, "image");
  expect(interpreter).toEqual(["bash", "-c"]);
  expect(create).toContain("--secret 'id=npm,env=SWARMYARD_BUILD_SECRET_0'");
  expect(create).toContain(`cd './${relative(process.cwd(), folder)}'`);
  expect(create).not.toContain("geheim");
  expect(JSON.stringify(stdin)).toContain(Buffer.from("geheim").toString("base64"));
  expect(await resolved(made.name)).toBe(imageName({ repository: "shop/web", folder }));
});

test("the tag is that of the content: of text, platforms and further contexts too", async () => {
  const tagOf = async (one: Partial<ImageBuild>) =>
    resolved((await build({ context: ".", ...one })).made.name);
  const tags = await Promise.all(
    [
      {},
      { dockerfileText: "FROM a" },
      { dockerfileText: "FROM b" },
      { platforms: ["linux/amd64"] },
      { contexts: { assets: "assets" } },
      { contexts: { assets: "docker-image://a" } },
    ].map(tagOf),
  );
  expect(new Set(tags).size).toBe(6);
  // None of these changes what the image holds.
  const same = [{ cacheFrom: ["a"] }, { secrets: { a: { value: "a" } } }, { ssh: ["default"] }];
  for (const one of same) expect(await tagOf(one)).toBe(tags[0]);
  writeFileSync(join(folder, "assets", "a"), "b");
  expect(await tagOf({ contexts: { assets: "assets" } })).not.toBe(tags[4]);
});

test("several platforms are pushed as one image", async () => {
  const recorder = new Recorder({ stack: "one" });
  const args = {
    build: { context: ".", platforms: ["linux/amd64", "linux/arm64"] },
    folder,
    repository: "registry.example.org/shop/web",
    localName: "shop/web",
    login: { user: "", password: "" },
  };
  pushedImage("registry", "shop/web", args, recorder.opts);
  await recorder.settle();
  expect(recorder.inputs(COMMAND, "registry-image-shop/web").create).toContain(
    "--platform 'linux/arm64'",
  );
  expect(recorder.inputs(COMMAND, "registry-push-shop/web").create).toContain(
    "for platform in -linux-amd64 -linux-arm64; do",
  );
});
