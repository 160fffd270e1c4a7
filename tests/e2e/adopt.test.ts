import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { casesFolder } from "../compose/cases";
import { Machines } from "./machines";
import { initStack, makeKey, useOwnBackend } from "./rack";
import { expectNoChangesIn, succeedIn } from "./succeed";
import { Yard } from "./yard";

/** A swarm that was built by hand, with stacks of `docker stack deploy`, is taken over as it is. */
const stack = "adopt";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "yard-adopt-"));
const key = path.join(folder, "key");

let machines: Machines;
let yard: Yard;

/** Machines, and the label by which the cases place their services. */
const types = { lead: "database", cheap: "cheap", model: "machine-learning" } as const;
const names = ["lead", "cheap", "model"] as const;

const stacks = [
  ["production", "nlpcloud/2-constraints.filled.yml"],
  ["vault", "nlpcloud/5-secrets.yml"],
  ["odd", "synthetic/3-configs-secrets.yml"],
] as const;

/** Images of the cases that go on; `alpine` is what ends. */
const sleeping = [
  "postgres:13",
  "nginx:1.27",
  "registry.example.com/nlpcloud/backoffice:1.0",
  "registry.example.com/nlpcloud/api:1.0",
];

beforeAll(async () => {
  machines = new Machines("adopt-e2e", makeKey(key));
  await machines.start({
    lead: { hostname: "lead", settings: "{}" },
    cheap: { hostname: "cheap", settings: '{ "debug": true }' },
    model: { hostname: "Model.example.org", settings: "{}" },
  });
  giveImages();
  buildSwarm();
  if (casesFolder !== undefined) deploy(casesFolder);
  await settled();
  yard = new Yard(stack);
  useOwnBackend(yard, folder);
});
afterAll(async () => {
  machines.remove();
  await yard?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function lead(...command: readonly string[]): string {
  return machines.on("lead", "docker", ...command);
}

/** There is no registry: every machine gets the images of the cases, which only sleep. */
function giveImages(): void {
  const image = execFileSync("docker", ["save", "debian:13-slim"], { maxBuffer: 2 ** 30 });
  const file = `FROM debian:13-slim\nENTRYPOINT ["sh", "-c", "exec sleep infinity"]\n`;
  for (const name of names) {
    machines.give(name, image, "docker", "load");
    machines.give(name, Buffer.from(file), "docker", "build", "-q", "-t", "sleeping", "-");
    for (const tag of sleeping) machines.on(name, "docker", "tag", "sleeping", tag);
    machines.on(name, "docker", "tag", "debian:13-slim", "alpine:latest");
    machines.on(name, "mkdir", "-p", "/local/path/to/postgresql/data");
  }
}

function buildSwarm(): void {
  const address = machines.address("lead");
  lead("swarm", "init", "--advertise-addr", address, "--task-history-limit", "2");
  const token = lead("swarm", "join-token", "-q", "worker");
  for (const name of ["cheap", "model"]) {
    machines.on(name, "docker", "swarm", "join", "--token", token, `${address}:2377`);
  }
  for (const name of names) {
    const hostname = machines.on(name, "hostname");
    lead("node", "update", "--label-add", `type=${types[name]}`, hostname);
  }
}

function deploy(cases: string): void {
  machines.give(
    "lead",
    execFileSync("tar", ["-C", cases, "-c", "nlpcloud", "synthetic"]),
    ...[...["tar", "-C", "/root", "-x"]],
  );
  // The docker command of Debian 12 knows no `global-job` in a file: the job is made by hand below.
  machines.on("lead", "sed", "-i", "/^  job:/,/^configs:/{/^configs:/!d}", `/root/${stacks[2][1]}`);
  lead("network", "create", "--driver", "overlay", "--attachable", "main_network");
  machines.give(
    "lead",
    Buffer.from("s3cret"),
    "docker",
    "secret",
    "create",
    "prod_db_password",
    "-",
  );
  for (const [name, file] of stacks) {
    lead("stack", "deploy", "--resolve-image", "never", "-c", `/root/${file}`, name);
  }
  const clock = ["service", "create", "--detach", "--name", "clock", "--network", "main_network"];
  const how = ["--no-resolve-image", "--env", "ZONE=UTC", "--label", "team=time"];
  lead(...clock, ...how, "--constraint", "node.role==manager", "sleeping", "--seconds");
  const once = ["service", "create", "--detach", "--name", "once", "--mode", "replicated-job"];
  lead(...once, "--no-resolve-image", "alpine", "sh", "-c", "echo done");
}

/** Every task that is to run runs, and the job is done. */
async function settled(): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const replicas = lead("service", "ls", "--format", "{{.Replicas}}").split("\n");
    const isFull = (text: string) => /^(\d+)\/\1\b/.test(text) || text.includes("completed");
    if (replicas.every(isFull)) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(lead("service", "ls"));
}

/** Ids of the swarm, its nodes, networks, secrets, configs, services, tasks and containers. */
function identity(): { readonly [kind: string]: string } {
  const listed = lead("service", "ls", "-q");
  const services = listed === "" ? [] : listed.split("\n");
  const lines = (text: string) => text.split("\n").sort().join("\n");
  return {
    swarm: lead("info", "--format", "{{.Swarm.Cluster.ID}}"),
    nodes: lines(lead("node", "ls", "--format", "{{.ID}} {{.Hostname}} {{.Availability}}")),
    networks: lines(lead("network", "ls", "--no-trunc", "--filter", "scope=swarm", "-q")),
    secrets: lines(lead("secret", "ls", "-q")),
    configs: lines(lead("config", "ls", "-q")),
    services: lines(lead("service", "ls", "--format", "{{.ID}} {{.Name}}")),
    tasks:
      services.length === 0 ? "" : lines(lead("service", "ps", "--no-trunc", "-q", ...services)),
    ...Object.fromEntries(
      names.map((name) => [name, lines(machines.on(name, "docker", "ps", "-q", "--no-trunc"))]),
    ),
    daemons: names.map((name) => machines.on(name, "pgrep", "-x", "dockerd")).join(" "),
  };
}

const addresses = () => names.map((name) => `root@${machines.address(name)}`);

/** Replaces text in a file of the yard, which must be there. */
function change(file: string, from: string, to: string): void {
  const full = path.join(yard.folder, file);
  const text = fs.readFileSync(full, "utf8");
  expect(text).toContain(from);
  fs.writeFileSync(full, text.replace(from, to));
}

let before: ReturnType<typeof identity>;

describe.skipIf(casesFolder === undefined)("a swarm that exists (needs the shared cases)", () => {
  test("its files are written, and existing ones are not overwritten unasked", async () => {
    lead("node", "update", "--availability", "pause", "cheap");
    before = identity();
    const refused = await yard.run("adopt", [...addresses(), "--key", key]);
    expect(refused.status).not.toBe(0);
    expect(refused.output).toContain("Pulumi.adopt.yaml exists already; nothing was written.");
    fs.rmSync(yard.settings);
    const output = await succeedIn(yard, "adopt", ...addresses(), "--key", key);
    for (const name of ["production", "vault", "odd", "standalone"]) {
      expect(output).toContain(`wrote platforms/${name}/index.ts`);
    }
    expect(output.match(/^note: .*$/gm)).toEqual([
      "note: platforms/production: services.database has POSTGRES_PASSWORD in clear, as the swarm does: keep the file out of git, or make them secrets, which restarts its tasks",
    ]);
    initStack(yard);
  });

  test("with a user who needs sudo's password, it is asked for, and only its name is written", async () => {
    const place = `ubuntu@${machines.address("lead")}`;
    const refused = await yard.run("adopt", [place, "--key", key, "--overwrite"]);
    expect(refused.status).not.toBe(0);
    expect(refused.output).toContain("If sudo asks for a password there, add: --sudo");
    const files = new Map(
      [yard.settings, path.join(yard.folder, "platforms/vault/index.ts")].map((file) => [
        file,
        fs.readFileSync(file, "utf8"),
      ]),
    );
    const words = ["--", "-s", stack, place, "--key", key, "--overwrite", "--sudo"];
    const output = execFileSync("npm", ["run", "--silent", "adopt", ...words], {
      ...{ cwd: yard.folder, env: yard.environment, encoding: "utf8" },
      ...{ input: "open sesame\n", stdio: "pipe" },
    });
    expect(output).toContain(`npm run secret -- set sudoPassword -s ${stack}`);
    const written = fs.readFileSync(yard.settings, "utf8");
    expect(written).toContain("sudoPassword: sudoPassword");
    expect(written + output).not.toContain("open sesame");
    const vault = path.join(yard.folder, "platforms/vault/index.ts");
    expect(fs.readFileSync(vault, "utf8")).toBe(files.get(vault));
    fs.writeFileSync(yard.settings, files.get(yard.settings) ?? "");
    expect(identity()).toEqual(before);
  });

  test("without adopt, and with a node that is not listed, it is refused with what to do", async () => {
    const text = fs.readFileSync(yard.settings, "utf8");
    // What is wrong with platforms would be said before any machine is looked at.
    yard.set(["swarmyard:platforms"], {});
    yard.set(["swarmyard:swarm", "adopt"], undefined);
    const { status, output } = await yard.run("preview");
    expect(status).not.toBe(0);
    expect(output).toContain("it is in another swarm (active)");
    expect(output).toContain("`adopt: true` in swarmyard:swarm");
    yard.set(["swarmyard:swarm", "adopt"], true);
    const group = ["swarmyard:hosts", "groups", "workers-cheap"];
    yard.set(group, undefined);
    const missing = await yard.run("preview");
    expect(missing.status).not.toBe(0);
    expect(missing.output.match(/its swarm has nodes that the environment does not list/g)).toEqual(
      [expect.any(String)],
    );
    expect(missing.output).toContain("cheap (ready)");
    fs.writeFileSync(yard.settings, text);
  });

  test("up takes it over: same swarm, nodes, services and tasks, and nothing restarts", async () => {
    await succeedIn(yard, "up");
    expect(identity()).toEqual(before);
    await expectNoChangesIn(yard);
    await succeedIn(yard, "refresh");
    await expectNoChangesIn(yard);
    expect(machines.on("cheap", "cat", "/etc/docker/daemon.json")).toBe('{ "debug": true }');
  });

  test("a change is an update", async () => {
    change(
      "platforms/standalone/index.ts",
      `"team": "time"`.replaceAll('"team"', "team"),
      'team: "hours"',
    );
    change("platforms/standalone/index.ts", "clock: {", "clock: {\n      replicas: 2,");
    change(
      "platforms/vault/index.ts",
      "database: {",
      'database: {\n      labels: { tier: "data" },',
    );
    await succeedIn(yard, "up");
    const now = identity();
    expect(now.services).toBe(before.services);
    const tasks = before.tasks?.split("\n") ?? [];
    expect(now.tasks?.split("\n")).toEqual(expect.arrayContaining(tasks));
    expect(now.tasks?.split("\n")).toHaveLength(tasks.length + 1);
    const label = (service: string, name: string) =>
      lead("service", "inspect", "--format", `{{index .Spec.Labels "${name}"}}`, service);
    expect(label("clock", "team")).toBe("hours");
    expect(label("vault_database", "tier")).toBe("data");
    await expectNoChangesIn(yard);
  });

  test("down removes what was declared; the swarm and what was only used stay", async () => {
    const output = await succeedIn(yard, "down", "--yes");
    expect(output).not.toMatch(/destroys.*swarm/);
    const now = identity();
    for (const kind of ["swarm", "nodes", "secrets", "configs", "daemons"]) {
      expect(now[kind], kind).toBe(before[kind]);
    }
    expect(now.services).toBe("");
    const labels = lead("node", "inspect", "--format", "{{json .Spec.Labels}}", "lead");
    expect(JSON.parse(labels)).toEqual({ type: "database" });
    for (const name of names) {
      expect(machines.on(name, "sh", "-c", "ls -d /var/lib/swarmyard || true")).toBe("");
    }
  });

  test("with dissolve it is taken over like before, and down ends it", async () => {
    yard.set(["swarmyard:platforms"], {});
    yard.set(["swarmyard:swarm", "dissolve"], true);
    await succeedIn(yard, "up");
    const now = identity();
    for (const kind of ["swarm", "nodes", "daemons"]) expect(now[kind], kind).toBe(before[kind]);
    await expectNoChangesIn(yard);
    await succeedIn(yard, "down", "--yes");
    for (const name of names) {
      const state = machines.on(name, "docker", "info", "--format", "{{.Swarm.LocalNodeState}}");
      expect(state, name).toBe("inactive");
      expect(machines.on(name, "sh", "-c", "ls -d /var/lib/swarmyard || true"), name).toBe("");
    }
    expect(machines.on("cheap", "cat", "/etc/docker/daemon.json")).toBe('{ "debug": true }');
    const daemons = names.map((name) => machines.on(name, "pgrep", "-x", "dockerd")).join(" ");
    expect(daemons).toBe(before.daemons);
  });
});
