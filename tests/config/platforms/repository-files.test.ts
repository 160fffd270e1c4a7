import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEnvironmentFile } from "../../../components/config/file/environment-file";
import { formatProblems } from "../../../components/model/problem";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "yard-repository-")));
  write("home/credentials", "TOKEN=stolen\n");
  write("home/Dockerfile", "FROM stolen\n");
  write("home/other.yaml", "services: { other: { image: stolen:1 } }\n");
  write("clone/deploy/here.env", "TOKEN=own\n");
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** The environment with a platform whose compose file comes from a repository. */
function read(compose: string, settings = "", path = "deploy") {
  write("clone/deploy/compose.yaml", compose.replaceAll("HOME", join(root, "home")));
  const file = `config:
  swarmyard:hosts: { kind: local, groups: { platform: { role: manager } } }
  swarmyard:platforms:
    shop:
      source: { checkout: clone, path: ${path} }
${settings}`;
  write("Pulumi.dev.yaml", file);
  const found = readEnvironmentFile(join(root, "Pulumi.dev.yaml"));
  return { ...found, text: formatProblems("dev", found.problems) };
}
const said = (what: string) => `compose files that use ${what}, which is not in the repository`;

describe("compose files of a repository read nothing outside of it", () => {
  test.each([
    ["an env file", "services: { a: { image: a:1, env_file: [../../home/credentials] } }"],
    [
      "an env file that may be missing",
      "services: { a: { image: a:1, env_file: [{ path: HOME/credentials, required: false }] } }",
    ],
    ["a file of labels", "services: { a: { image: a:1, label_file: HOME/credentials } }"],
    ["a config", "services: { a: { image: a:1 } }\nconfigs: { c: { file: HOME/credentials } }"],
    ["a secret", "services: { a: { image: a:1 } }\nsecrets: { c: { file: HOME/credentials } }"],
    [
      "a seccomp profile",
      "services: { a: { image: a:1, security_opt: ['seccomp:HOME/credentials'] } }",
    ],
    [
      "variables of what it includes",
      "include: [{ path: more.yaml, env_file: HOME/credentials }]\nservices: { a: { image: a:1 } }",
    ],
  ])("%s", (_, compose) => {
    write("clone/deploy/more.yaml", "services: { b: { image: b:1 } }");
    expect(read(compose).text).toContain(said(join(root, "home/credentials")));
  });

  test.each([
    ["include", "include: [HOME/other.yaml]"],
    ["extends", "services: { a: { extends: { file: HOME/other.yaml, service: other } } }"],
  ])("%s", (_, compose) => {
    const { text, environment } = read(compose);
    expect(text).toContain(said(join(root, "home/other.yaml")));
    expect(environment).toBeUndefined();
  });

  test("a build context, also with a Dockerfile of the repository, and a Dockerfile", () => {
    write("clone/deploy/Dockerfile", "FROM debian:12\n");
    const file = join(root, "clone/deploy/Dockerfile");
    const context = read(`services: { a: { build: { context: HOME, dockerfile: ${file} } } }`);
    expect(context.text).toContain(said(join(root, "home")));
    const build =
      "services: { a: { image: a:1, build: { context: ., dockerfile: HOME/Dockerfile } } }";
    expect(read(build).text).toContain(said(join(root, "home/Dockerfile")));
  });

  test("neither through links: of a file, of a folder, of a build context, of the compose file", () => {
    symlinkSync(join(root, "home/credentials"), join(root, "clone/deploy/file"));
    symlinkSync(join(root, "home"), join(root, "clone/deploy/folder"));
    const env = (path: string) => `services: { a: { image: a:1, env_file: ${path} } }`;
    expect(read(env("file")).text).toContain(said(join(root, "clone/deploy/file")));
    const inside = said(join(root, "clone/deploy/folder/credentials"));
    expect(read(env("folder/credentials")).text).toContain(inside);
    const build = read("services: { a: { build: folder } }");
    expect(build.text).toContain(said(join(root, "clone/deploy/folder/Dockerfile")));
    symlinkSync(join(root, "home/other.yaml"), join(root, "clone/deploy/named.yaml"));
    const named = read(env("here.env"), "      compose: [named.yaml]\n");
    expect(named.text).toContain(said(join(root, "clone/deploy/named.yaml")));
  });

  test("a path that leads out of it through a link", () => {
    symlinkSync(root, join(root, "clone/out"));
    const { text } = read("services: { a: { image: a:1 } }", "", "out/home");
    expect(text).toContain('"out/home", but a link leads out of it in clone');
  });

  test("git's own folder", () => {
    write("clone/.git/config", "TOKEN=own\n");
    const { text } = read("services: { a: { image: a:1, env_file: ../.git/config } }");
    expect(text).toContain(said(join(root, "clone/.git/config")));
  });
});

describe("what the environment file names in a repository", () => {
  const named = (path: string) => `      volumes: { v: { driver: local, seed: { x: ${path} } } }
      configs: { c: { file: ${path} } }
      secrets: { s: { file: ${path} } }
`;
  const compose = "services: { a: { image: a:1, volumes: ['v:/v'] } }\nvolumes: { v: {} }";
  const led = (path: string) => `"${path}", where a link leads out of the repository`;

  test("does not lead to another file of this machine", () => {
    symlinkSync(join(root, "home/credentials"), join(root, "clone/deploy/conf"));
    const { text } = read(compose, named("conf"));
    expect(text).toContain("3 problems");
    for (const place of ["volumes.v.seed.x", "configs.c.file", "secrets.s.file"]) {
      expect(text).toContain(`platforms.shop.${place}`);
    }
    expect(text.split(led("conf"))).toHaveLength(4);
  });

  test("does not do so below a folder, nor with git's own", () => {
    write("clone/deploy/seed/deep/here", "1");
    symlinkSync(join(root, "home"), join(root, "clone/deploy/seed/deep/folder"));
    const seed = (path: string) => named(path).split("\n")[0] ?? "";
    expect(read(compose, seed("seed")).text).toContain(led("seed"));
    write("clone/.git/config", "TOKEN=own\n");
    expect(read(compose, seed("../../clone")).text).toContain(led("../../clone"));
  });

  test("does not build another folder of this machine", () => {
    symlinkSync(join(root, "home"), join(root, "clone/deploy/app"));
    const { text } = read(
      "services: { a: { image: a:1 } }",
      "      images: { own: { context: app } }\n      services: { a: { image: { build: own } } }\n",
    );
    expect(text).toContain("1 problem");
    expect(text).toContain(led("app"));
  });

  test("is needed for a secret of the environment, an agent, a key, further rights and a local cache", () => {
    const compose = `services:
  a:
    secrets: [s]
    build:
      context: .
      dockerfile_inline: "FROM a"
      ssh: [default]
      privileged: true
      secrets: [b]
      cache_from: ["type=local,src=HOME", "registry.example.org/cache"]
secrets: { s: { environment: rackKey }, b: { environment: rackSudo } }`;
    const taken = (key: string) => `the secret ${key} of the environment, for compose files of a`;
    const refused = read(compose).text;
    expect(refused).toContain(taken("rackKey"));
    expect(refused).toContain("`config: rackKey` at platforms.shop.secrets.s");
    expect(refused).toContain(taken("rackSudo"));
    expect(refused).toContain("default, a key, an agent or a folder of this machine");
    expect(refused).toContain(`type=local,src=${join(root, "home")}, a key, an agent or a folder`);
    expect(refused).toContain("security.insecure, rights on this machine, for compose files of a");
    expect(refused).toContain("the same `entitlements` at platforms.shop.images.a");
    const given = `      secrets: { s: { config: rackKey } }
      images: { a: { ssh: [default], entitlements: [security.insecure], secrets: { b: { config: rackSudo } }, cacheFrom: [] } }
`;
    expect(read(compose, given).text).not.toContain("for compose files of a repository");
  });

  test("is not needed for a further context of the repository, and one outside is refused", () => {
    write("clone/more/x", "1");
    const build = (place: string) =>
      `services: { a: { build: { context: ., dockerfile_inline: FROM a, additional_contexts: { m: ${place} } } } }`;
    expect(read(build("../more")).text).not.toContain("not in the repository");
    expect(read(build("HOME")).text).toContain(said(join(root, "home")));
  });

  test("may be links inside of it, and paths outside that the file names", () => {
    write("clone/other/real", "1");
    symlinkSync("../other/real", join(root, "clone/deploy/near"));
    expect(read(compose, named("near")).text).toContain("0 problems");
    expect(read(compose, named("../../home/credentials")).text).toContain("0 problems");
  });
});

test("a file outside that does not exist is only missing", () => {
  const { text } = read("services: { a: { image: a:1, env_file: ../../nowhere } }");
  expect(text).toContain(`${join(root, "nowhere")}, which cannot be read`);
  expect(text).not.toContain("which is not in the repository");
});

test("what is in the repository, and what the environment file names, is read", () => {
  write("clone/shared.env", "MORE=1\n");
  symlinkSync("../shared.env", join(root, "clone/deploy/linked.env"));
  write("clone/app/Dockerfile", "FROM debian:12\n");
  write("home/own.env", "TAG=7\n");
  write("home/over.yaml", "services: { a: { environment: { OVER: '1' } } }\n");
  const { environment, text } = read(
    "services: { a: { image: 'a:${TAG}', env_file: [here.env, linked.env] }, b: { build: ../app } }",
    `      compose: [compose.yaml, ../../home/over.yaml]
      envFiles: [${join(root, "home/own.env")}]
`,
  );
  expect(text).toContain("0 problems");
  const services = environment?.platforms[0]?.plan.services;
  expect(services?.a).toMatchObject({
    image: { kind: "reference", reference: "a:7" },
    env: { TOKEN: "own", MORE: "1", OVER: "1" },
  });
  expect(services?.b?.image).toEqual({ kind: "built", build: "b" });
});
