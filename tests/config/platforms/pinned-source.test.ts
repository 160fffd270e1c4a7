import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readEnvironmentFile } from "../../../components/config/file/environment-file";
import {
  findSource,
  type PinnedSource,
  sourcesFolder,
} from "../../../components/config/platforms/pinned-source";

let folder: string;
let url: string;
let first: string;
let second: string;
let env: NodeJS.ProcessEnv;
let root: string;

const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", [...who, ...args], { cwd, encoding: "utf8", stdio: "pipe" }).trim();

function commit(image: string): string {
  const work = join(folder, "work");
  mkdirSync(join(work, "deploy"), { recursive: true });
  writeFileSync(join(work, "deploy/compose.yaml"), `services: { web: { image: "${image}" } }\n`);
  git(work, "add", ".");
  git(work, "commit", "-qm", image);
  git(work, "push", "-q", "origin", "HEAD:main");
  return git(work, "rev-parse", "HEAD");
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "yard-source-"));
  url = `file://${join(folder, "shop.git")}`;
  git(folder, "init", "-q", "--bare", "shop.git");
  git(folder, "init", "-q", "work");
  git(join(folder, "work"), "remote", "add", "origin", url);
  first = commit("web:1");
  second = commit("web:2");
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  root = mkdtempSync(join(folder, "root-"));
  env = { SWARMYARD_CACHE: join(root, "cache") };
});

const find = (source: PinnedSource) => findSource(source, { platform: "shop", root, env });
const said = ({ problems, warnings }: ReturnType<typeof find>) =>
  [...problems, ...warnings].map(({ path, found }) => `${path}: ${found}`);

test("a commit is fetched once, whichever is the newest, and then found without its repository", () => {
  const found = find({ git: url, ref: first, path: "deploy" });
  expect(said(found)).toEqual([]);
  expect(readdirSync(found.folder ?? "")).toEqual(["compose.yaml"]);
  expect(found.folder).toContain(join(sourcesFolder(env), "shop-"));
  expect(found.folder).toContain(first);
  const moved = `${join(folder, "shop.git")}-away`;
  execFileSync("mv", [join(folder, "shop.git"), moved]);
  try {
    expect(find({ git: url, ref: first, path: "deploy" })).toEqual(found);
    expect(said(find({ git: url, ref: second }))[0]).toContain(
      `swarmyard:platforms.shop.source.git: ${url}, which cannot be fetched (fatal: `,
    );
  } finally {
    execFileSync("mv", [moved, join(folder, "shop.git")]);
  }
});

test("a server that gives no single commits is asked for all of them", () => {
  git(join(folder, "shop.git"), "config", "uploadpack.hideRefs", "refs/none");
  git(join(folder, "shop.git"), "config", "uploadpack.allowAnySHA1InWant", "false");
  const old = { ...process.env };
  // The first version of the protocol asks the server whether the commit is one of its ends.
  Object.assign(process.env, {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "protocol.version",
    GIT_CONFIG_VALUE_0: "0",
  });
  try {
    expect(said(find({ git: url, ref: first }))).toEqual([]);
  } finally {
    process.env = old;
  }
});

test("another repository that variables of git name, as in a hook, stays as it is", () => {
  git(root, "clone", "-q", url, "mine", "--branch", "main");
  const mine = join(root, "mine");
  const branch = git(mine, "symbolic-ref", "HEAD");
  const old = { ...process.env };
  Object.assign(process.env, {
    GIT_DIR: join(mine, ".git"),
    GIT_WORK_TREE: mine,
    GIT_INDEX_FILE: join(mine, ".git/index"),
    GIT_OBJECT_DIRECTORY: join(mine, ".git/objects"),
    GIT_COMMON_DIR: join(mine, ".git"),
  });
  let found: ReturnType<typeof find>;
  try {
    found = find({ git: url, ref: first, path: "deploy" });
  } finally {
    process.env = old;
  }
  expect(said(found)).toEqual([]);
  expect(git(mine, "symbolic-ref", "HEAD")).toBe(branch);
  expect(git(mine, "rev-parse", "HEAD")).toBe(second);
  expect(git(mine, "status", "--porcelain")).toBe("");
  expect(existsSync(join(mine, ".git/FETCH_HEAD"))).toBe(false);
});

test("where no repository can be made, one above it stays as it is", () => {
  git(root, "clone", "-q", url, "mine", "--branch", "main");
  const mine = join(root, "mine");
  env = { SWARMYARD_CACHE: join(mine, "cache") };
  const old = { ...process.env };
  // Git refuses to make a repository of an unknown format.
  process.env.GIT_DEFAULT_HASH = "md5";
  try {
    expect(said(find({ git: url, ref: first }))).toEqual([
      expect.stringContaining(`${url}, which cannot be fetched (fatal: `),
    ]);
  } finally {
    process.env = old;
  }
  expect(git(mine, "rev-parse", "--abbrev-ref", "HEAD")).toBe("main");
  expect(existsSync(join(mine, ".git/FETCH_HEAD"))).toBe(false);
});

test("a commit that is not there is refused, and leaves nothing behind", () => {
  const ref = "0123456789012345678901234567890123456789";
  expect(said(find({ git: url, ref }))).toEqual([
    expect.stringContaining(`source.ref: ${url}, which has no commit ${ref}`),
  ]);
  const [home = ""] = readdirSync(sourcesFolder(env));
  expect(readdirSync(join(sourcesFolder(env), home))).toEqual([]);
});

test("a folder that is not in the repository is refused", () => {
  expect(said(find({ git: url, ref: first, path: "nowhere" }))[0]).toContain(
    `source.path: "nowhere", but there is no such folder in the repository at ${first}`,
  );
});

test("a checkout is used instead, with a warning when it is not the commit", () => {
  git(root, "clone", "-q", url, "clone", "--branch", "main");
  const source = { git: url, ref: second, checkout: "clone" };
  const clone = join(root, "clone");
  expect(find(source)).toEqual({ folder: clone, repository: clone, problems: [], warnings: [] });
  expect(existsSync(sourcesFolder(env))).toBe(false);
  expect(said(find({ ...source, ref: first }))[0]).toContain(
    `source.checkout: a checkout with commit ${second}, which is used instead of ${first}`,
  );
  writeFileSync(join(root, "clone/more"), "");
  expect(said(find(source))[0]).toContain(`commit ${second} with changes, which is used`);
  expect(said(find({ checkout: "nowhere" }))[0]).toContain(`"nowhere", but there is no ${root}`);
});

test("an environment file runs compose files of a commit, with their own env file", () => {
  const clone = join(root, "clone");
  git(root, "clone", "-q", url, "clone", "--branch", "main");
  writeFileSync(join(clone, "deploy/prod.yml"), 'services: { web: { image: "web:${TAG}" } }\n');
  writeFileSync(join(clone, "deploy/.env"), "TAG=9\n");
  const settings = `config:
  swarmyard:hosts: { kind: local, groups: { platform: { role: manager } } }
  swarmyard:platforms:
    plain: { source: { checkout: clone, path: deploy } }
    shop:
      source: { checkout: clone, path: deploy }
      compose: [compose.yaml, prod.yml]
      envFiles: [.env]
      services: { web: { replicas: 2 } }
    none: { source: { git: "https://me:secret@example.org/shop.git", ref: main } }
`;
  writeFileSync(join(root, "Pulumi.dev.yaml"), settings);
  expect(
    readEnvironmentFile(join(root, "Pulumi.dev.yaml")).problems.map(({ path }) => path),
  ).toEqual(["swarmyard:platforms.none.source.git", "swarmyard:platforms.none.source.ref"]);
  const without = settings.replace(/\n {4}none:.*/, "");
  writeFileSync(join(root, "Pulumi.dev.yaml"), without);
  const { environment, problems } = readEnvironmentFile(join(root, "Pulumi.dev.yaml"));
  expect(problems).toEqual([]);
  const plans = environment?.platforms.map(({ plan }) => plan);
  expect(plans?.[0]?.folder).toBe(join(clone, "deploy"));
  expect(plans?.[0]?.services.web?.image).toEqual({ kind: "reference", reference: "web:2" });
  expect(plans?.[1]?.services.web).toMatchObject({
    image: { kind: "reference", reference: "web:9" },
    replicas: 2,
  });
});
