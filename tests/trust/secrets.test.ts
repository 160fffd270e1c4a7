import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Run } from "../e2e/yard";
import { type Finding, type Needle, needle, search } from "./needles";
import { Vault } from "./vault";

/** Secrets of every kind are planted, then looked for wherever they might lie about. */
let vault: Vault;
let sampler: ChildProcess;
let sampled: string;
const needles = new Map<string, Needle>();
const outputs: { readonly place: string; readonly text: string }[] = [];
const findings: Finding[] = [];

beforeAll(async () => {
  vault = new Vault("hush");
  sampled = path.join(vault.yard.folder, "..", `sampled-${process.pid}`);
  const script = path.join(__dirname, "sampler.ts");
  const args = ["--import", "tsx", script, sampled, vault.temporary];
  sampler = spawn(process.execPath, args, { stdio: "inherit" });
  for (const [name, value] of Object.entries(vault.planted)) plant(needle(name, value));
  plant(needle("config, first value", vault.setToken()));
});
afterAll(async () => {
  sampler.kill("SIGKILL");
  await vault.close();
  fs.rmSync(sampled, { force: true });
});

function plant(...more: readonly Needle[]): void {
  for (const one of more) needles.set(one.forms[0] ?? "", one);
}

async function run(command: string, ...args: string[]): Promise<Run> {
  const ended = await vault.yard.run(command, args);
  outputs.push({ place: `output of ${[command, ...args].join(" ")}`, text: ended.output });
  expect(ended.status, ended.output).toBe(0);
  return ended;
}

/** Looks at the state as it is now; what lies in `ssh` is there for `ssh -F` and for its user alone. */
async function lookAtState(when: string): Promise<void> {
  plant(...(await vault.needles()));
  const folder = path.join(vault.yard.environment.SWARMYARD_STATE ?? "", vault.yard.stack);
  const kinds = new Set<string>();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const inside = path.relative(folder, file);
    if (!entry.isFile() || inside.startsWith("ssh/")) continue;
    kinds.add(inside.split("/")[2] ?? inside);
    const bytes = fs.readFileSync(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    findings.push(...search(`${inside} ${when}`, text, [...needles.values()]));
  }
  expect([...kinds]).toEqual(expect.arrayContaining(["stacks", "history", "backups"]));
}

/** Expects that no finding is in these places. */
function expectNone(found: readonly Finding[]): void {
  expect([...new Set(found.map(({ secret, place }) => `${secret} in ${place}`))]).toEqual([]);
}

async function inTask(file: string): Promise<string> {
  const [task] = await vault.yard.tasks("small_guard");
  const machine = Object.keys(vault.yard.machines()).find((one) => one.endsWith(task?.node ?? "?"));
  const format = "{{.Status.ContainerStatus.ContainerID}}";
  const id = (await vault.yard.docker("inspect", "--format", format, task?.id ?? "")).trim();
  return vault.yard.engine("exec", machine ?? "", "docker", "exec", id, "cat", file);
}

describe("a life with secrets", () => {
  test("up: each secret reaches its task", async () => {
    await run("preview", "--diff");
    await run("up", "--diff");
    await lookAtState("after up");
    expect([...needles.keys()]).toContain(await inTask("/run/secrets/token"));
    expect(await inTask("/run/secrets/key")).toBe(vault.planted.file);
    expect(await inTask("/papers/paper")).toBe(vault.planted.seed);
    expect([...needles.keys()]).toContain(await inTask("/run/secrets/word"));
  });

  test("a new value of the config, in preview, up and the state", async () => {
    const value = vault.setToken();
    plant(needle("config, second value", value));
    const { output } = await run("preview", "--diff");
    expect(output).toMatch(/~ data\s*: \[secret\] => \[secret\]|data\s*: \[secret\]/);
    await run("up", "--diff");
    await lookAtState("after a new value");
    expect(await inTask("/run/secrets/token")).toBe(value);
  });

  test("drift, in refresh, preview and the state", async () => {
    await vault.yard.docker("service", "update", "-d", "--label-add", "a=b", "small_guard");
    const names = (await vault.yard.docker("secret", "ls", "--format", "{{.Name}}")).split("\n");
    const word = names.find((name) => name.startsWith("small_word")) ?? "";
    await vault.yard.docker("service", "update", "-d", "--secret-rm", word, "small_guard");
    await vault.yard.docker("secret", "rm", word);
    await run("refresh");
    await lookAtState("after a refresh with drift");
    await run("preview", "--diff");
    await run("up", "--refresh", "--diff");
    await lookAtState("after the repair");
  });

  test("a log at level 2 holds nothing; above, the command says that it will", async () => {
    await run("preview", "--logtostderr", "--logflow", "-v=2");
    const loud = await vault.yard.run("preview", ["--logtostderr", "-v=9"]);
    expect(loud.status, loud.output).toBe(0);
    expect(loud.output).toMatch(/^Pulumi writes secrets in clear/m);
  });
});

describe("on the hosts and the swarm", () => {
  test("logs and settings of the containers here", () => {
    for (const name of Object.keys(vault.yard.machines())) {
      const both = ["-c", 'exec docker logs "$1" 2>&1', "sh", name];
      const logs = execFileSync("sh", both, { encoding: "utf8", maxBuffer: 2 ** 28 });
      expect(logs.length, name).toBeGreaterThan(0);
      findings.push(...search(`log of ${name}`, logs, [...needles.values()]));
      const settings = vault.yard.engine("inspect", name);
      findings.push(...search(`settings of ${name}`, settings, [...needles.values()]));
    }
  });

  test("files of the hosts, except what the Docker engine keeps and the host's own key", () => {
    const secrets = [...needles.values()].filter(({ name }) => name !== "seed");
    const patterns = secrets.flatMap(({ forms }) => forms).join("\n");
    const hosts = Object.keys(vault.yard.machines()).filter((name) => /-\d+$/.test(name));
    expect(hosts).toHaveLength(2);
    for (const host of hosts) {
      const files = vault.yard.engineWithInput(patterns, "exec", "-i", host, "sh", "-c", grep);
      const own = files.split("\n").filter((file) => file !== "");
      expect(own).toContain("/etc/swarmyard/host_key");
      expect(own.filter((file) => file !== "/etc/swarmyard/host_key")).toEqual([]);
    }
  });

  test("services, secrets, configs and nodes as the swarm describes them", async () => {
    for (const kind of ["service", "secret", "config", "node", "network"]) {
      const ids = (await vault.yard.docker(kind, "ls", "-q")).trim().split("\n").filter(Boolean);
      const text = ids.length === 0 ? "" : await vault.yard.docker(kind, "inspect", ...ids);
      findings.push(...search(`${kind} inspect`, text, [...needles.values()]));
    }
  });

  test("names of secrets are made with a key, so that a guess cannot be tried", async () => {
    const salt = [...needles.values()].find(({ name }) => name === "swarm-names, salt");
    const names = (await vault.yard.docker("secret", "ls", "--format", "{{.Name}}")).trim();
    const values: readonly (readonly [string, string])[] = [
      ["small_key", vault.planted.file ?? ""],
      ["small_token", await inTask("/run/secrets/token")],
    ];
    for (const [base, value] of values) {
      const keyed = createHmac("sha256", salt?.forms[0] ?? "")
        .update(value)
        .digest("hex");
      expect(names.split("\n")).toContain(`${base}-${keyed.slice(0, 12)}`);
      for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
        expect(names).not.toContain(createHash(algorithm).update(value).digest("hex").slice(0, 8));
      }
    }
  });

  test("the files for ssh are their user's alone", () => {
    const folder = path.join(vault.yard.environment.SWARMYARD_STATE ?? "", vault.yard.stack);
    expect(fs.statSync(folder).mode & 0o077).toBe(0);
    const keys = fs
      .readdirSync(path.join(folder, "ssh"))
      .map((name) => path.join(folder, "ssh", name));
    for (const file of keys) expect(fs.statSync(file).mode & 0o077, file).toBe(0);
  });
});

describe("what was found", () => {
  test("in the state, its history and backups, on hosts and the swarm: nothing", () => {
    // Control: the search does find things.
    expect(needles.size).toBeGreaterThan(20);
    expectNone(findings);
  });

  test("in what commands print, also down: nothing", async () => {
    await run("down");
    expect(outputs.length).toBeGreaterThan(7);
    expectNone(outputs.flatMap(({ place, text }) => search(place, text, [...needles.values()])));
  });

  test("in the checkout: nothing, but for the files that the secrets are read from", () => {
    const own = ["platforms/small/key", "platforms/small/paper"];
    const listed = vault.yard.git("ls-files", "-co", "--exclude-standard").trim().split("\n");
    const isFile = (file: string) => fs.lstatSync(path.join(vault.yard.folder, file)).isFile();
    const files = listed.filter(isFile);
    const read = (file: string) => fs.readFileSync(path.join(vault.yard.folder, file), "utf8");
    expect(fs.existsSync(vault.secretsFile)).toBe(true);
    const found = files.flatMap((file) => search(file, read(file), [...needles.values()]));
    expect([...new Set(found.map(({ place }) => place))].sort()).toEqual(own);
  });

  test("on command lines, in environments and temporary files: nothing", () => {
    sampler.kill("SIGKILL");
    const lines = fs.readFileSync(sampled, "utf8").split("\n").filter(Boolean);
    const samples = lines.map((line) => JSON.parse(line) as [string, string]);
    const commands = samples
      .filter(([place]) => place.startsWith("command line of"))
      .map(([, text]) => text);
    // Control: plugins, the program and what runs in the hosts were seen.
    for (const seen of [
      "pulumi-resource-swarm",
      "pulumi-resource-command",
      "/etc/docker/daemon.json",
      "sshd:",
    ]) {
      expect(
        commands.some((text) => text.includes(seen)),
        seen,
      ).toBe(true);
    }
    const known = [...needles.values()];
    expectNone(samples.flatMap(([place, text]) => search(place, withoutConfig(text), known)));
  });
});

/**
 * An environment without the variable in which Pulumi itself hands a program its configuration,
 * secrets among it; the kernel shows it to the same user alone.
 */
function withoutConfig(environment: string): string {
  const entries = environment.split("\0");
  return entries.filter((entry) => !entry.startsWith("PULUMI_CONFIG=")).join("\0");
}

/** Names the files of a host that hold one of the lines of standard input. */
const grep = `cat >/dev/shm/patterns
grep -rlFf /dev/shm/patterns / --devices=skip --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev --exclude-dir=docker
rm /dev/shm/patterns`;
