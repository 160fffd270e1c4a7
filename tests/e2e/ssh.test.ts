import { type ChildProcess, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fingerprint } from "../../components/engine/login";
import { localName } from "../../components/local-engine/labels";
import { makeKeyPair } from "../../components/provider/key";
import { docker, Machines } from "./machines";
import { emptyFile, initStack, makeKey, nodesOf, startAgent, useOwnBackend } from "./rack";
import { expectNoChangesIn, succeedIn } from "./succeed";
import { Yard } from "./yard";

const stack = "ssh";
const rack = ["swarmyard:hosts", "groups", "rack"];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "yard-ssh-"));
const keys = { plain: path.join(folder, "plain"), locked: path.join(folder, "locked") };
/** Settings that a Docker engine had before us, in a form of their own. */
const settings = '{ "debug": true,   "log-opts": { "max-size": "7m" } }\n';

let agent: ChildProcess;
let machines: Machines;
let yard: Yard;
/** What each machine had before we came. */
const before = new Map<string, string>();

beforeAll(async () => {
  const authorized = makeKey(keys.plain);
  fs.copyFileSync(keys.plain, keys.locked);
  fs.chmodSync(keys.locked, 0o600);
  execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "open it", "-f", keys.locked]);
  const started = await startAgent(folder, keys.plain);
  agent = started.agent;

  machines = new Machines("ssh-e2e", authorized);
  await machines.start({
    jump: { hostname: "jump" },
    left: { hostname: "left" },
    right: { hostname: "right.example.org", settings },
    behind: { hostname: "debian", system: "debian-13" },
    other: { hostname: "other", settings: "{}" },
    spare: { hostname: "spare" },
  });
  machines.on("other", "docker", "swarm", "init", "--advertise-addr", machines.address("other"));
  machines.refuseRoot("left");
  // Only the jump host reaches its sshd.
  const closed = ["-p", "tcp", "--dport", "22", "!", "-s", machines.address("jump"), "-j", "DROP"];
  machines.on("behind", "iptables", "-A", "INPUT", ...closed);

  yard = new Yard(stack);
  useOwnBackend(yard, folder);
  yard.variables.SSH_AUTH_SOCK = started.socket;
  prepare();
});
afterAll(async () => {
  machines.remove();
  await yard?.close();
  agent.kill();
  fs.rmSync(folder, { recursive: true, force: true });
});

const platform = `export const platform = {
  folder: __dirname,
  networks: { default: {} },
  volumes: { data: { seed: { "first.txt": "first.txt", notes: "notes" } } },
  services: {
    everywhere: {
      image: "debian:13-slim",
      mode: "global",
      command: ["sleep", "infinity"],
      init: true,
      stopGracePeriod: "1s",
    },
    reader: {
      image: "debian:13-slim",
      command: ["sh", "-c", "cat /data/first.txt /data/notes/* && sleep infinity"],
      init: true,
      stopGracePeriod: "1s",
      placement: { constraints: ["node.labels.rack == true", "node.hostname == left"] },
      mounts: { "/data": { type: "volume", source: "data" } },
    },
  },
  rollout: { timeout: "3m", steady: "2s" },
};
`;

/** An environment of one local manager, to which the rack is added later. */
function prepare(): void {
  emptyFile(yard, ["db", "agent", "service"]);
  yard.set(["swarmyard:share"], { kind: "none" });
  const own = path.join(yard.folder, "platforms/plain");
  fs.mkdirSync(path.join(own, "notes"), { recursive: true });
  fs.writeFileSync(path.join(own, "index.ts"), platform);
  fs.writeFileSync(path.join(own, "first.txt"), "the first line\n");
  fs.writeFileSync(path.join(own, "notes", "one.txt"), "the second line\n");
  setRack({ left: { address: "192.0.2.1" } }, { only: ["later"] });
  initStack(yard);
  for (const [name, value] of [
    ["rackSudo", "open sesame"],
    ["rackPassphrase", "open it"],
  ] as const) {
    const args = ["run", "--silent", "secret", "--", "set", name, "-s", stack];
    execFileSync("npm", args, { cwd: yard.folder, env: yard.environment, input: `${value}\n` });
  }
}

/** The rack as its settings should be. */
function goodRack(mixed = true): { readonly [name: string]: object } {
  return {
    left: {
      address: machines.address("left"),
      user: "ubuntu",
      sudoPassword: "rackSudo",
      ...(mixed ? { privateAddress: inner("left") } : {}),
    },
    right: {
      address: machines.address("right"),
      key: { file: keys.plain },
      hostKey: machines.hostKey("right"),
      nodeName: "right.example.org",
      ...(mixed ? { privateAddress: inner("right") } : {}),
    },
    behind: {
      address: machines.address("behind"),
      key: { file: keys.locked, passphrase: "rackPassphrase" },
      via: { address: machines.address("jump"), key: { file: keys.plain } },
      ...(mixed ? { privateAddress: inner("behind") } : {}),
    },
  };
}

function setRack(all: { readonly [name: string]: object }, rest: object = {}): void {
  yard.set(rack, { kind: "ssh", labels: ["rack"], machines: all, ...rest });
}

/** Machines in the local hosts' network. */
const inside = ["left", "right", "behind"];

/** Address of a machine in the local hosts' network. */
function inner(name: string): string {
  const format = "{{(index .IPAM.Config 0).Subnet}}";
  const subnet = docker("network", "inspect", "--format", format, localName(stack));
  return subnet.replace(/0\.0\/16$/, `0.${200 + inside.indexOf(name)}`);
}

const up = () => succeedIn(yard, "up");

const expectNoChanges = () => expectNoChangesIn(yard);

const nodes = () => nodesOf(yard);

/** Saves an image of this machine and loads it on another one, because there is no registry. */
function load(give: (input: Buffer) => void): void {
  give(execFileSync("docker", ["save", "debian:13-slim"], { maxBuffer: 2 ** 30 }));
}

describe("a rack is added to a local host", () => {
  test("the local host comes first, and the machines are in its network", async () => {
    await up();
    for (const name of inside) machines.attach(name, localName(stack), inner(name));
    for (const name of inside) before.set(name, machines.traces(name));
  });

  test("everything that is wrong with machines is said at once, one message for each", async () => {
    const { left, right, behind } = goodRack();
    const jump = machines.address("jump");
    setRack({
      left: { ...left, sudoPassword: undefined },
      right: { ...right, nodeName: undefined },
      behind: { ...behind, key: { file: keys.locked } },
      other: { address: machines.address("other") },
      spare: { address: machines.address("spare"), hostKey: makeKeyPair().publicKey },
      closed: { address: jump, port: 2222 },
      stranger: { address: jump, user: "nobody" },
      silent: { address: "192.0.2.1" },
    });
    const started = Date.now();
    const { status, output } = await yard.run("preview");
    expect(status).not.toBe(0);
    expect((Date.now() - started) / 1000).toBeLessThan(60);
    for (const text of [
      '8 of 8 existing machines of "ssh" cannot be used:',
      "sudo asks ubuntu for a password",
      "its hostname is right.example.org, and its name in the swarm would be right",
      "is encrypted, and no passphrase is given",
      "it is in another swarm (active)",
      "its host key does not match the pinned ssh-ed25519",
      "nothing listens there",
      "it refuses the key for nobody",
      "silent (root@192.0.2.1:22",
    ]) {
      expect(output).toContain(text);
    }
    const applied = await yard.run("up");
    expect(applied.status).not.toBe(0);
    expect(applied.output).toContain("8 of 8 existing machines");
    const seen = fingerprint(machines.hostKey("left"));
    expect(applied.output).toContain(`left: trusting the host key ssh-ed25519 ${seen} from now on`);
    for (const name of inside) expect(machines.traces(name)).toBe(before.get(name));
  });

  test("the next up continues: machines join, with their labels", async () => {
    setRack(goodRack(), { setHostname: true });
    await up();
    expect(await nodes()).toEqual([
      "behind Ready Active",
      "left Ready Active",
      "right.example.org Ready Active",
      expect.stringMatching(/-platform-0 Ready Active$/),
    ]);
    const label = await yard.docker("node", "inspect", "--format", "{{.Spec.Labels.rack}}", "left");
    expect(label.trim()).toBe("true");
    expect(machines.on("behind", "hostname")).toBe("behind");
    // The releases are mixed, each with its own Docker engine.
    const version = ["version", "--format", "{{.Server.Version}}"];
    expect(machines.on("left", "docker", ...version)).toMatch(/^20\.10\./);
    expect(machines.on("behind", "docker", ...version)).toMatch(/^26\.1\./);
  });

  test("on one of them nobody logs in as root, and sudo asks for a password", () => {
    const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes"];
    const args = ["-i", keys.plain, ...options.flatMap((option) => ["-o", option])];
    const login = (user: string) => {
      const line = [...args, `${user}@${machines.address("left")}`, "sudo -n true"];
      return execFileSync("ssh", line, { stdio: "pipe" });
    };
    expect(() => login("root")).toThrow("Permission denied");
    expect(() => login("ubuntu")).toThrow("a password is required");
  });

  test("a preview is empty, also after a refresh", async () => {
    await expectNoChanges();
    const { status, output } = await yard.run("refresh");
    expect(status, output).toBe(0);
    await expectNoChanges();
  });

  test("the printed ssh line leads through the jump host", () => {
    const config = path.join(yard.environment.SWARMYARD_STATE ?? "", stack, "ssh", "config");
    const args = ["-F", config, "-o", "BatchMode=yes", "right.example.org", "hostname"];
    expect(execFileSync("ssh", args, { encoding: "utf8" }).trim()).toBe("right.example.org");
    const hop = execFileSync("ssh", ["-G", "-F", config, "behind"], { encoding: "utf8" });
    expect(hop).toContain("proxyjump behind-via-1\n");
  });

  test("services run on them, and a volume there is seeded", async () => {
    load((image) => {
      const local = Object.keys(yard.machines()).find((name) => name.includes("platform-0")) ?? "";
      execFileSync("docker", ["exec", "-i", local, "docker", "load"], { input: image });
      for (const name of inside) machines.give(name, image, "docker", "load");
    });
    yard.set(["swarmyard:platforms"], { plain: {} });
    await up();
    const tasks = await yard.tasks();
    expect(
      tasks.map(({ service, node }) => `${service} ${node.replace(/.*-/, "")}`).sort(),
    ).toEqual([
      "plain_everywhere 0",
      "plain_everywhere behind",
      "plain_everywhere left",
      "plain_everywhere right.example.org",
      "plain_reader left",
    ]);
    const logs = await yard.docker("service", "logs", "--raw", "plain_reader");
    expect(logs).toContain("the first line\nthe second line");
    await expectNoChanges();
  });

  test("a Docker engine's own settings won, and what a node needs was added", () => {
    const now = JSON.parse(machines.on("right", "cat", "/etc/docker/daemon.json"));
    expect(now).toMatchObject({ debug: true, "log-opts": { "max-size": "7m" } });
    expect(now).not.toHaveProperty("log-driver");
    expect(now.bip).toMatch(/^172\./);
  });

  test("a changed host key stops the run, with both fingerprints", async () => {
    const pinned = fingerprint(machines.hostKey("left"));
    const keep = "cp -a /etc/ssh/ssh_host_ed25519_key* /root/";
    const other =
      "rm /etc/ssh/ssh_host_ed25519_key* && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key";
    const restart = "kill $(pgrep -o sshd); sleep 1; /usr/sbin/sshd";
    machines.on("left", "sh", "-c", `${keep} && ${other} && ${restart}`);
    const { status, output } = await yard.run("refresh");
    const found = fingerprint(machines.hostKey("left"));
    machines.on("left", "sh", "-c", `mv /root/ssh_host_ed25519_key* /etc/ssh/ && ${restart}`);
    expect(status).not.toBe(0);
    expect(output).toContain(`pinned is ${pinned}, found was ${found}`);
  });
});

/** What a machine has when it was left, by what it had before: its Docker engine stays. */
function leftBehind(name: string): string {
  const found = before.get(name) ?? "";
  if (found.includes("inactive")) return found;
  return `${found}\ninactive\nbridge\nhost\nnone`;
}

/** Volumes are data, which stays; nothing else does. */
function tracesOf(name: string): string {
  return machines.traces(name).replace(/\nplain_data$/, "");
}

describe("machines are left as they were found", () => {
  test("a removed group drains and leaves", async () => {
    yard.set(["swarmyard:platforms"], {});
    setRack(goodRack(), { setHostname: true, only: ["later"] });
    // Outside a local environment, taking machines away asks.
    await succeedIn(yard, "up", "--yes");
    expect(await nodes()).toEqual([expect.stringMatching(/-platform-0 Ready Active$/)]);
    for (const name of inside) expect(tracesOf(name), name).toBe(leftBehind(name));
    await expectNoChanges();
  });

  test("down removes the local rest", async () => {
    for (const name of inside) machines.detach(name, localName(stack));
    const { status, output } = await yard.run("down", ["--yes"]);
    expect(status, output).toBe(0);
    for (const kind of [
      ["ps", "-aq"],
      ["network", "ls", "-q"],
      ["volume", "ls", "-q"],
    ]) {
      expect(yard.here(...kind)).toEqual([]);
    }
  });

  test("an environment of existing machines alone goes with down", async () => {
    const { left, right } = goodRack(false);
    yard.set(["swarmyard:platforms"], {});
    yard.set(["swarmyard:hosts", "groups", "platform"], undefined);
    setRack({ ...(left && { left }), ...(right && { right }) }, { role: "manager" });
    const found = ["left", "right"].map((name) => tracesOf(name));
    await up();
    expect(await nodes()).toEqual(["left Ready Active", "right.example.org Ready Active"]);
    await expectNoChanges();
    const { status, output } = await yard.run("down", ["--yes"]);
    expect(status, output).toBe(0);
    expect(["left", "right"].map((name) => tracesOf(name))).toEqual(found);
  });
});
