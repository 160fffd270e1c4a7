import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint } from "../../../components/engine/login";
import { UNKNOWN } from "../../../components/model/values";
import { makeKeyPair } from "../../../components/provider/key";
import { machineKind } from "../../../components/provider/machine/machine";
import { scriptKind } from "../../../components/provider/machine/script";
import { type ShellHost, startShell } from "../../engine/shell-host";
import { contextWith, type Said } from "../service/stub-context";

/** What a good machine prints to both questions. */
const answers = `kernel=Linux
arch=x86_64
osId=debian
has=bash
has=timeout
has=apt-get
hostname=db-0
machineId=abc
time=${Math.round(Date.now() / 1000)}
cpus=4
memory=1000
disk=99999999999
free=99999999999
interface=eth0 10.0.0.10/24 1500
route=eth0`;

let host: ShellHost;
let said: Said;
let output = answers;

beforeEach(async () => {
  output = answers;
  said = { warnings: [], requests: [] };
  host = await startShell(() => ["printf", "%s\n", output]);
});
afterEach(() => host.stop());

const inputs = (changes: object = {}, connection: object = {}) => ({
  connection: JSON.stringify({ ...host.connection, ...connection }),
  nodeName: "db-0",
  owner: "yard/prod",
  ...changes,
});
const context = () => contextWith({}, said);

test("the first connection pins the host key, shows it, and reads what the machine is", async () => {
  const { id, state } = await machineKind.create(inputs(), context());
  expect(id).toBe("db-0");
  expect(state).toMatchObject({
    hostKey: host.hostKey,
    identity: "abc",
    privateAddress: "10.0.0.10",
    complaints: [],
    facts: { hostname: "db-0", architecture: "x86_64", cpus: 4 },
  });
  expect(said.warnings).toEqual([
    `db-0: trusting the host key ssh-ed25519 ${fingerprint(host.hostKey)} from now on`,
  ]);
  expect(host.logins()).toBe(1);
  expect(machineKind.diff({ id, inputs: inputs(), state }, inputs())).toEqual([]);
});

test("what is wrong is an output, and makes the next run look again", async () => {
  output = answers.replace("hostname=db-0", "hostname=x");
  const { state } = await machineKind.create(inputs(), context());
  expect(state.complaints).toEqual([
    "its hostname is x, and its name in the swarm would be db-0\n  fix: `nodeName: x` to keep it, or `setHostname: true` in the group to change it until the machine leaves",
  ]);
  const old = { id: "db-0", inputs: inputs(), state };
  expect(machineKind.diff(old, inputs()).map(({ path }) => path)).toEqual(["complaints"]);
  output = answers;
  expect((await machineKind.update(old, inputs(), context())).state.complaints).toEqual([]);
});

test("what runs on a machine later goes over the connection that looked at it", async () => {
  const onIt = (hostKey: string) => {
    const { privateKey, ...way } = host.connection;
    const connection = JSON.stringify({ ...way, hostKey, privateKey });
    return scriptKind.create({ connection, create: "true", timeout: 20 }, context());
  };
  await machineKind.create(inputs(), context());
  await onIt(host.hostKey);
  expect(host.logins()).toBe(1);
  // With the key pinned another way, nothing of before is used.
  await onIt(`${host.hostKey} comment`);
  expect(host.logins()).toBe(2);
});

test("a machine that cannot be used is let go", async () => {
  output = answers.replace("hostname=db-0", "hostname=x");
  await machineKind.create(inputs(), context());
  await expect.poll(() => host.open()).toBe(0);
});

test("a machine that lets nobody in keeps what was known of it", async () => {
  const { state } = await machineKind.create(inputs(), context());
  const closed = inputs({}, { port: 1 });
  const old = { id: "db-0", inputs: inputs(), state };
  const after = (await machineKind.update(old, closed, context())).state;
  expect(after.complaints).toEqual([
    expect.stringMatching(
      /^nothing listens there: .*\n {2}fix: start sshd there, or correct `port: 1`$/,
    ),
  ]);
  expect(after.hostKey).toBe(host.hostKey);
});

test("a key that changed is refused, also by a refresh; the file's own key wins", async () => {
  const { state } = await machineKind.create(inputs(), context());
  const pinned = makeKeyPair().publicKey;
  const old = { id: "db-0", inputs: inputs(), state: { ...state, hostKey: pinned } };
  const text = `its host key does not match the pinned ssh-ed25519 (pinned is ${fingerprint(pinned)}, found was ${fingerprint(host.hostKey)})`;
  const fix = `if it was reinstalled on purpose: \`hostKey: ${host.hostKey}\`; otherwise somebody may be in between: do not continue`;
  const after = (await machineKind.update(old, inputs(), context())).state;
  expect(after).toMatchObject({ hostKey: pinned, complaints: [`${text}\n  fix: ${fix}`] });
  await expect(machineKind.read("db-0", old, context())).rejects.toThrow(text);
  const stated = inputs({}, { hostKey: host.hostKey });
  expect((await machineKind.update(old, stated, context())).state).toMatchObject({
    hostKey: host.hostKey,
    complaints: [],
  });
});

test("another address is another machine: its key is trusted anew", async () => {
  const { state } = await machineKind.create(inputs(), context());
  const other = await startShell(() => ["printf", "%s\n", output]);
  const moved = inputs({}, other.connection);
  const old = { id: "db-0", inputs: inputs(), state };
  expect((await machineKind.update(old, moved, context())).state).toMatchObject({
    hostKey: other.hostKey,
    complaints: [],
  });
  other.stop();
});

test("a preview knows what was known, but not whether the machine can be used", async () => {
  expect(machineKind.plan(inputs(), undefined)).toMatchObject({
    hostKey: UNKNOWN,
    facts: UNKNOWN,
    complaints: UNKNOWN,
  });
  const { state } = await machineKind.create(inputs(), context());
  const old = { id: "db-0", inputs: inputs(), state };
  expect(machineKind.plan(inputs(), old)).toMatchObject({
    hostKey: host.hostKey,
    identity: "abc",
    complaints: UNKNOWN,
  });
});

test("a refresh of a silent machine warns and changes nothing", async () => {
  const { state } = await machineKind.create(inputs(), context());
  const closed = inputs({}, { port: 1 });
  const old = { id: "db-0", inputs: closed, state: { ...state, connection: closed.connection } };
  expect(await machineKind.read("db-0", old, context())).toEqual(old);
  expect(said.warnings.at(-1)).toMatch(/^db-0: nothing listens there/);
});

test("a real machine answers both questions", async () => {
  const real = await startShell();
  const asked = inputs({ nodeName: hostname() }, real.connection);
  const { state } = await machineKind.create(asked, context());
  real.stop();
  expect(state.facts).toMatchObject({
    hostname: hostname(),
    systemd: existsSync("/run/systemd/system"),
    os: { id: expect.stringMatching(/./) },
  });
  const { cpus, memory, disk } = state.facts as { cpus: number; memory: number; disk: number };
  for (const size of [cpus, memory, disk]) expect(size).toBeGreaterThan(0);
});

const inSwarm = `${answers}
swarm=active
cluster=abc
peer=db-0 Ready
peer=db-1 Ready`;

test("a machine of a swarm that is taken over remembers it, also when it is ours later", async () => {
  output = inSwarm;
  const news = inputs({ adopts: ["db-0", "db-1"] });
  const { state } = await machineKind.create(news, context());
  expect(state).toMatchObject({ member: "abc", complaints: [] });
  const old = { id: "db-0", inputs: news, state };
  expect(machineKind.diff(old, inputs({ adopts: ["db-0"] }))).toEqual([]);
  output = `${inSwarm}\nowner=yard/prod`;
  const more = inputs({ adopts: ["db-0"], privateAddress: "10.0.0.10" });
  expect((await machineKind.update(old, more, context())).state).toMatchObject({
    ...{ member: "abc", complaints: [] },
  });
});

test("a machine that joined through us was in no swarm before; without a state it counts as one that was", async () => {
  const news = inputs({ adopts: ["db-0", "db-1"] });
  const { state } = await machineKind.create(news, context());
  expect(state.member).toBe("");
  output = `${inSwarm}\nowner=yard/prod`;
  const old = { id: "db-0", inputs: news, state };
  expect((await machineKind.update(old, news, context())).state.member).toBe("");
  expect((await machineKind.create(news, context())).state.member).toBe("abc");
});

test("a node that is not listed is said, and another list is looked at again", async () => {
  output = inSwarm;
  const news = inputs({ adopts: ["db-0"] });
  const { state } = await machineKind.create(news, context());
  expect(state.complaints).toEqual([
    expect.stringContaining("nodes that the environment does not list: db-1 (ready)"),
  ]);
  const paths = machineKind
    .diff({ id: "db-0", inputs: news, state }, inputs({ adopts: ["db-0", "db-1"] }))
    .map(({ path }) => path);
  expect(paths).toContain("complaints");
});
