import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ImageBuild } from "../../components/model/platform/spec";
import { buildScript, partsOf } from "../../components/registry/build-script";
import { pushScript } from "../../components/registry/push-script";
import { tunnelScript } from "../../components/registry/swarm-scripts";
import { lintScripts } from "../lint-scripts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "build-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const scriptOf = (build: ImageBuild, at = ".", dockerfile = build.dockerfileText ?? "FROM a") =>
  buildScript({
    build,
    folder: at,
    image: "shop/web:1",
    dockerfile,
    labels: { "swarmyard.image": "x" },
  });

const everything: ImageBuild = {
  context: "web",
  args: { A: "it's" },
  target: "page",
  network: "host",
  extraHosts: { one: "10.0.0.1, 10.0.0.2" },
  shmSize: "64m",
  noCache: true,
  pull: true,
  secrets: { npm: { config: "npm" }, pip: { file: 'p,"ip' } },
  ssh: ["default"],
  contexts: { assets: "../assets" },
  platforms: ["linux/arm64"],
  cacheFrom: ["type=registry,ref=r/x"],
  cacheTo: ["type=registry,ref=r/x", "type=inline"],
};

const suffixes = ["-linux-amd64", "-linux-arm64"];
lintScripts({
  "a build with everything": scriptOf(everything).text,
  "a build of several platforms": scriptOf({ context: ".", platforms: ["a/b", "a/c"] }).text,
  "a Dockerfile's text": scriptOf({ context: ".", dockerfileText: "FROM 'a'\n" }).text,
  "a build with limits and rights": scriptOf({
    context: ".",
    ulimits: { nofile: { soft: 1, hard: 2 } },
    entitlements: ["device=a b"],
  }).text,
  "a build with caches": scriptOf({ context: ".", cacheFrom: ["a"], cacheTo: ["b"] }).text,
  "a push of several platforms": pushScript("login", suffixes).text,
  "a push of several platforms to ECR": pushScript("ecr", suffixes).text,
  "a push of several platforms through a tunnel": tunnelScript("input", suffixes).text,
});

// A script is an input of its command: another text would run in every stack that has it.
test.each([
  ["with everything", everything],
  ["of several platforms", { context: ".", platforms: ["a/b", "a/c"] }],
  ["of a Dockerfile's text", { context: ".", dockerfileText: "FROM 'a'\n" }],
  ["with caches", { context: ".", cacheFrom: ["a"], cacheTo: ["b"] }],
] satisfies [string, ImageBuild][])("the script of a build %s is what it was", (_, build) => {
  const { text } = scriptOf(build);
  expect(createHash("sha256").update(text).digest("hex")).toMatchSnapshot();
});

/** Runs a script with a docker command that notes each of its arguments, and its secrets' names. */
function run({ text, stdin }: ReturnType<typeof scriptOf>, contents = {}, body = "") {
  const docker = `#!/bin/bash
{ printf '%q ' "$@"; echo; } >>'${folder}/log'
env | grep '^SWARMYARD_BUILD\\|^DOCKER_BUILDKIT' | sort >>'${folder}/env'
case "$*" in *"image inspect"*) exit 1;; esac
${body}
`;
  writeFileSync(join(folder, "docker"), docker);
  chmodSync(join(folder, "docker"), 0o755);
  const result = spawnSync("bash", ["-c", text], {
    input: stdin(contents),
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder, HOME: folder },
    encoding: "utf8",
  });
  const log = readFileSync(join(folder, "log"), "utf8").trim().split("\n");
  return { ...result, log: log.map((line) => line.trim()) };
}

test("everything becomes one call of buildx (stand-in docker)", () => {
  const inspect = `case "$*" in "buildx inspect") echo 'Driver:        docker-container';; esac`;
  const { status, log } = run(scriptOf(everything), { npm: "geheim" }, inspect);
  expect(status).toBe(0);
  expect(log.at(-1)).toBe(
    [
      "buildx build --load --progress plain --provenance false --platform linux/arm64",
      "--secret id=npm\\,env=SWARMYARD_BUILD_SECRET_0",
      '--secret id=pip\\,\\"src=p\\,\\"\\"ip\\" --ssh default --build-context assets=../assets',
      "--cache-from type=registry\\,ref=r/x --file web/Dockerfile --tag shop/web:1",
      "--build-arg A=it\\'s --label swarmyard.image=x --target page --network host",
      "--add-host one:10.0.0.1 --add-host one:10.0.0.2 --shm-size 64m --no-cache --pull",
      "--cache-to type=registry\\,ref=r/x --cache-to type=inline web",
    ].join(" "),
  );
  expect(log.slice(0, -1)).toEqual([
    "buildx version",
    "image inspect shop/web:1",
    "buildx inspect",
  ]);
});

const ulimits = { nofile: { soft: 1024, hard: 2048 }, core: { soft: -1, hard: -1 } };

test("limits of the commands need no buildx (stand-in docker)", () => {
  const none = `case "$1" in buildx) exit 1;; esac`;
  const { status, log } = run(scriptOf({ context: ".", ulimits }), {}, none);
  expect(status).toBe(0);
  expect(log.at(-1)).toBe(
    "build --file Dockerfile --tag shop/web:1 --label swarmyard.image=x --ulimit nofile=1024:2048 --ulimit core=-1:-1 .",
  );
  expect(readFileSync(join(folder, "env"), "utf8")).toContain("DOCKER_BUILDKIT=0");
});

test("further rights go to buildx with the limits, and are refused by name without it (stand-in docker)", () => {
  const entitlements = ["network.host", "security.insecure"];
  const script = scriptOf({ context: ".", ulimits, entitlements });
  expect(run(script).log.at(-1)).toBe(
    "buildx build --load --progress plain --provenance false --allow network.host --allow security.insecure --file Dockerfile --tag shop/web:1 --label swarmyard.image=x --ulimit nofile=1024:2048 --ulimit core=-1:-1 .",
  );
  const { status, stderr } = run(script, {}, `case "$1" in buildx) exit 1;; esac`);
  expect([status, stderr.split(":")[0]]).toEqual([1, "this build needs buildx (entitlements)"]);
});

test("the builder of a Docker engine exports only what is in the image (stand-in docker)", () => {
  const inspect = `case "$*" in "buildx inspect") echo 'Driver:   docker';; esac`;
  const { log } = run(scriptOf({ context: ".", cacheTo: everything.cacheTo ?? [] }), {}, inspect);
  expect(log.at(-1)).toMatch(/ --cache-to type=inline \.$/);
  expect(log.at(-1)).not.toContain("registry");
});

test("a secret is in no argument, and reaches the command byte for byte (stand-in docker)", () => {
  const secret = "ge'heim $x\n\n";
  const seen = `printf '%s' "$SWARMYARD_BUILD_SECRET_0" >'${folder}/seen'`;
  const script = scriptOf({ context: ".", secrets: { a: { config: "a" } } });
  const { status, log, stdout } = run(script, { a: secret }, seen);
  expect([status, stdout]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "seen"), "utf8")).toBe(secret);
  expect(`${script.text}${log.join()}`).not.toContain("heim");
});

test("without buildx a build that needs it says so, and one that does not uses the Docker engine's builder (stand-in docker)", () => {
  const none = `case "$1" in buildx) exit 1;; esac`;
  const needs = run(scriptOf({ context: ".", ssh: ["default"] }), {}, none);
  expect([needs.status, needs.stderr]).toEqual([
    1,
    "this build needs buildx (ssh): install the docker command's plugin buildx: the package docker-buildx of Debian, docker-buildx-plugin of Docker\n",
  ]);
  const cached = { context: ".", cacheFrom: ["a:1", "type=gha"], cacheTo: ["type=gha"] };
  const { status, log } = run(scriptOf(cached), {}, none);
  expect(status).toBe(0);
  expect(log.at(-1)).toBe(
    "build --cache-from a:1 --file Dockerfile --tag shop/web:1 --label swarmyard.image=x .",
  );
});

test("the text of a Dockerfile is a file while it is built, and no BuildKit is asked for (stand-in docker)", () => {
  const keep = `cp "$3" '${folder}/kept'; exit 0`;
  const { status, log } = run(scriptOf({ context: ".", dockerfileText: "FROM 'a'\n" }), {}, keep);
  expect(status).toBe(0);
  expect(log.at(-1)).toMatch(/^build --file \S+\/Dockerfile --tag shop\/web:1 /);
  expect(readFileSync(join(folder, "kept"), "utf8")).toBe("FROM 'a'\n");
  expect(readFileSync(join(folder, "env"), "utf8")).toContain("DOCKER_BUILDKIT=0");
  const [file = ""] = /(?<=--file )\S+/.exec(log.at(-1) ?? "") ?? [];
  expect(existsSync(file)).toBe(false);
});

test("a build that fails shows the end of what it printed (stand-in docker)", () => {
  const fail = "echo first; seq 1 40; exit 3";
  const { status, stderr } = run(scriptOf({ context: ".", dockerfileText: "FROM a" }), {}, fail);
  expect(status).toBe(1);
  expect(stderr.trim().split("\n")).toEqual(Array.from({ length: 25 }, (_, at) => String(at + 16)));
});

test("an image that exists is not built again (stand-in docker)", () => {
  const { text, stdin } = scriptOf(everything);
  writeFileSync(join(folder, "docker"), `#!/bin/bash\necho "$*" >>'${folder}/log'\n`);
  chmodSync(join(folder, "docker"), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder };
  const { status } = spawnSync("bash", ["-c", text], {
    input: stdin({ npm: "x" }),
    cwd: folder,
    env,
  });
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "log"), "utf8")).toBe(
    "buildx version\nimage inspect shop/web:1\n",
  );
});

test("each of several platforms has an image of its own", () => {
  expect(partsOf({}, "a:1")).toEqual([{ image: "a:1" }]);
  expect(partsOf({ platforms: ["linux/arm64"] }, "a:1")).toEqual([
    { image: "a:1", platform: "linux/arm64" },
  ]);
  expect(partsOf({ platforms: ["linux/amd64", "linux/arm/v7"] }, "a:1")).toEqual([
    { image: "a:1-linux-amd64", platform: "linux/amd64" },
    { image: "a:1-linux-arm-v7", platform: "linux/arm/v7" },
  ]);
});

test("several platforms are pushed as one image, whose digest is printed (stand-in docker)", () => {
  const { text, stdin } = pushScript("login", suffixes);
  const body = `case "$*" in
*"image inspect"*) echo "r:5000/a@sha256:$(printf '%s' "$5" | tail -c 5)";;
*"imagetools inspect"*) echo '"sha256:all"';;
esac`;
  writeFileSync(join(folder, "docker"), `#!/bin/bash\necho "$*" >>'${folder}/log'\n${body}\n`);
  chmodSync(join(folder, "docker"), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder, HOME: folder };
  const values = { here: "a:1", there: "r:5000/a:1", login: { user: "", password: "" } };
  const options = { input: stdin(values), cwd: folder, env, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", text], options);
  expect([status, stdout, stderr]).toEqual([0, "sha256:all", ""]);
  const log = readFileSync(join(folder, "log"), "utf8").replaceAll(/--config \S+ /g, "");
  expect(log.trim().split("\n")).toEqual([
    ...suffixes.flatMap((suffix) => [
      `tag a:1${suffix} r:5000/a:1${suffix}`,
      `push --quiet r:5000/a:1${suffix}`,
      `image inspect --format {{range .RepoDigests}}{{println .}}{{end}} r:5000/a:1${suffix}`,
    ]),
    "buildx imagetools create --tag r:5000/a:1 r:5000/a@sha256:amd64 r:5000/a@sha256:arm64",
    "buildx imagetools inspect --format {{json .Manifest.Digest}} r:5000/a:1",
  ]);
});
