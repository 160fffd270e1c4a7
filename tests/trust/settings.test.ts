import { afterAll, beforeAll, expect, test } from "vitest";
import { expectNoChangesIn, succeedIn } from "../e2e/succeed";
import { nodeStates } from "../e2e/swarm";
import { Yard } from "../e2e/yard";

/** The life of a swarm with settings of its own, without platforms: only its nodes matter here. */
let yard: Yard;
const groups = ["swarmyard:hosts", "groups"];
const swarm = ["swarmyard:swarm"];

beforeAll(() => {
  yard = new Yard("settings");
  yard.set(["swarmyard:platforms"], {});
  yard.set([...groups, "agent"], undefined);
  yard.set([...groups, "service"], undefined);
  yard.set(swarm, {
    ...{ autolock: true, certificateExpiry: "720h", taskHistory: 2, rotateTokens: true },
    ...{ addressPools: ["10.210.0.0/16"], addressPoolMask: 26, dataPathPort: 7789 },
    ...{ ingress: { subnet: "10.202.0.0/20" }, mtu: 1400 },
    ...{ advertise: "eth0", listen: "0.0.0.0:7777", dataPath: "eth0" },
  });
});
afterAll(() => yard.close());

const container = (host: string) => `swarmyard-settings-yard-settings-${host}`;

const up = () => succeedIn(yard, "up");

const expectNoChanges = () => expectNoChangesIn(yard);

/** What a node's Docker engine says of itself and its swarm. */
function info(host: string, format: string): string {
  return yard.engine("exec", container(host), "docker", "info", "--format", format).trim();
}

/** Waits until the manager's Docker engine, which has just restarted, says that it is in this state. */
async function untilManagerIs(state: "active" | "locked"): Promise<void> {
  const end = Date.now() + 60_000;
  const now = () => {
    try {
      return info("platform-0", "{{.Swarm.LocalNodeState}}");
    } catch {
      return "not up yet";
    }
  };
  while (now() !== state) {
    expect(Date.now(), `the manager is ${now()}, not ${state}`).toBeLessThan(end);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const workerToken = () =>
  yard
    .engine("exec", container("platform-0"), "docker", "swarm", "join-token", "-q", "worker")
    .trim();
let firstToken: string;

test("the swarm comes up as its settings say", async () => {
  await up();
  expect(await nodeStates(yard)).toEqual({ "platform-0": "manager Ready", "db-0": "worker Ready" });
  const { Cluster } = JSON.parse(info("platform-0", "{{json .Swarm}}"));
  expect(Cluster).toMatchObject({
    DefaultAddrPool: ["10.210.0.0/16"],
    SubnetSize: 26,
    DataPathPort: 7789,
    Spec: {
      EncryptionConfig: { AutoLockManagers: true },
      CAConfig: { NodeCertExpiry: 720 * 3600 * 1e9 },
      Orchestration: { TaskHistoryRetentionLimit: 2 },
    },
  });
  expect(info("db-0", "{{(index .Swarm.RemoteManagers 0).Addr}}")).toMatch(/^10\.[\d.]+:7777$/);
  const [ingress] = JSON.parse(await yard.docker("network", "inspect", "ingress"));
  expect(ingress.IPAM.Config[0].Subnet).toBe("10.202.0.0/20");
  expect(ingress.Options["com.docker.network.driver.mtu"]).toBe("1400");
  firstToken = workerToken();
});

test("a second preview is empty, also after a refresh", async () => {
  await expectNoChanges();
  const { status, output } = await yard.run("refresh");
  expect(status, output).toBe(0);
  await expectNoChanges();
});

test("the unlock key is in no text of the state", () => {
  expect(yard.stateText()).toContain("unlockKey");
  expect(yard.stateText()).not.toContain("SWMKEY");
});

test("a manager whose Docker engine restarted is locked, and the next up unlocks it", async () => {
  yard.engine("restart", "-t", "10", container("platform-0"));
  await untilManagerIs("locked");
  const output = await up();
  expect(output).toContain(
    "Unlocked the manager yard-settings-platform-0: its Docker engine had restarted.",
  );
  expect(output).not.toContain("SWMKEY");
  expect(info("platform-0", "{{.Swarm.LocalNodeState}}")).toBe("active");
  await expectNoChanges();
});

test("another stamp gives another unlock key, which the next up has", async () => {
  const key = async () => (await yard.docker("swarm", "unlock-key", "-q")).trim();
  const before = await key();
  yard.set([...swarm, "rotateUnlockKey"], "second");
  await up();
  expect(await key()).not.toBe(before);
  yard.engine("restart", "-t", "10", container("platform-0"));
  await untilManagerIs("locked");
  const refreshed = await yard.run("refresh");
  expect(refreshed.status, refreshed.output).toBe(0);
  expect(refreshed.output).toContain("Unlocked the manager yard-settings-platform-0");
});

test("a node more joins with the tokens of now, and they change once it has joined", async () => {
  const before = workerToken();
  yard.set([...groups, "db", "count"], 2);
  await up();
  expect(await nodeStates(yard)).toEqual({
    "platform-0": "manager Ready",
    "db-0": "worker Ready",
    "db-1": "worker Ready",
  });
  const after = workerToken();
  expect(new Set([firstToken, before, after]).size).toBe(2);
  expect(after).not.toBe(before);
  await expectNoChanges();
});

test("what the swarm was made with cannot change: the preview says both values and the way", async () => {
  yard.set([...swarm, "dataPathPort"], 7790);
  const { status, output } = await yard.run("preview");
  expect(status).not.toBe(0);
  expect(output).toContain(
    "swarmyard:swarm.dataPathPort is 7790, but the swarm was made with 7789. Docker sets this only when it makes a swarm.",
  );
  yard.set([...swarm, "dataPathPort"], 7789);
  await expectNoChanges();
});

test("what somebody changed by hand is drift, and up puts it back", async () => {
  const change = ["swarm", "update", "--task-history-limit", "9", "--autolock=false"];
  await yard.docker(...change);
  const { status, output } = await yard.run("refresh");
  expect(status, output).toBe(0);
  await up();
  const { Spec } = JSON.parse(info("platform-0", "{{json .Swarm.Cluster}}"));
  expect(Spec.Orchestration.TaskHistoryRetentionLimit).toBe(2);
  expect(Spec.EncryptionConfig.AutoLockManagers).toBe(true);
});

test("a port that is blocked between two nodes is found, with its direction", async () => {
  const rule = ["INPUT", "-p", "udp", "--dport", "7789", "-j", "DROP"];
  const open = await yard.run("reach");
  expect(open.status, open.output).toBe(0);
  expect(open.output).toContain("Between all nodes every port of the swarm is open.");
  yard.engine("exec", container("db-0"), "iptables", "-I", ...rule);
  const { status, output } = await yard.run("reach");
  yard.engine("exec", container("db-0"), "iptables", "-D", ...rule);
  expect(status, output).toBe(1);
  const rows = output.split("\n").filter((line) => /udp +no packet/.test(line));
  expect(rows.map((row) => row.trim().split(/ +/).slice(0, 3).join(" ")).sort()).toEqual([
    "yard-settings-db-1 yard-settings-db-0 7789/udp",
    "yard-settings-platform-0 yard-settings-db-0 7789/udp",
  ]);
  const rules = yard.engine("exec", container("db-0"), "iptables-save");
  expect(rules).not.toContain("swarmyard-reach");
});

test("without autolock a manager comes back on its own", async () => {
  yard.set([...swarm, "autolock"], undefined);
  yard.set([...swarm, "rotateUnlockKey"], undefined);
  await up();
  yard.engine("restart", "-t", "10", container("platform-0"));
  await untilManagerIs("active");
  await expectNoChanges();
  expect(yard.stateText()).not.toContain("unlockKey");
});

test("down removes all of it", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
