import { type ChildProcess, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docker, Machines } from "./machines";
import { emptyFile, initStack, makeKey, nodesOf, startAgent, useOwnBackend } from "./rack";
import { expectNoChangesIn, succeedIn } from "./succeed";
import { Yard } from "./yard";

const stack = "mesh";
const volume = "mesh-e2e-share";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "yard-mesh-"));
const names = ["a", "b", "c"];
const rack = ["swarmyard:hosts", "groups", "rack"];

let agent: ChildProcess;
let machines: Machines;
let yard: Yard;

// This kernel has no WireGuard: the machines run wireguard-go, from their distribution.
const devices = ["--device", "/dev/net/tun", "--volume", `${volume}:/data`];

beforeAll(async () => {
  const key = path.join(folder, "key");
  const authorized = makeKey(key);
  const started = await startAgent(folder, key);
  agent = started.agent;
  machines = new Machines("mesh-e2e", authorized);
  docker("volume", "create", volume);
  await machines.start(
    Object.fromEntries(names.map((name) => [name, { hostname: name, run: devices }])),
  );
  guard("a");
  for (const name of names) closeSwarmPorts(name);
  yard = new Yard(stack);
  useOwnBackend(yard, folder);
  yard.variables.SSH_AUTH_SOCK = started.socket;
  prepare();
});
afterAll(async () => {
  machines.remove();
  execFileSync("docker", ["volume", "rm", "--force", volume], { stdio: "ignore" });
  await yard?.close();
  agent.kill();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Nothing of the swarm gets through between machines, except in the tunnel. */
function closeSwarmPorts(name: string): void {
  for (const [protocol, ports] of [
    ["tcp", "2377,7946"],
    ["udp", "7946,4789"],
  ] as const) {
    const match = ["-i", "eth0", "-p", protocol, "-m", "multiport", "--dports", ports];
    machines.on(name, "iptables", "-I", "INPUT", ...match, "-j", "DROP");
  }
}

/** A firewall of the distribution that lets in nothing but SSH. */
function guard(name: string): void {
  machines.on(
    ...([name, "sh", "-c"] as const),
    `apt-get install -y -qq --no-install-recommends ufw >/var/log/ufw.log 2>&1
ufw allow 22/tcp && ufw --force enable`,
  );
}

/** What ufw of that machine lets in, besides SSH: ports and who may reach them. */
function letIn(name: string): readonly string[] {
  const lines = machines.on(name, "ufw", "status").split("\n");
  const rules = lines.filter((line) => line.includes("ALLOW") && !line.startsWith("22/tcp"));
  return rules.map((line) => line.trim().replace(/\s+/g, " ")).sort();
}

/** Packets that these rules dropped. */
function dropped(name: string): readonly number[] {
  const lines = machines.on(name, "iptables", "-nvxL", "INPUT").split("\n");
  return lines
    .filter((line) => /DROP.*multiport/.test(line))
    .map((line) => Number(line.trim().split(/\s+/)[0]));
}

/** Packets that claimed an address of the mesh and came out of no tunnel. */
function forged(name: string): number {
  const lines = machines.on(name, "iptables", "-t", "mangle", "-nvxL", "SWARMYARD").split("\n");
  const rule = lines.find((line) => /DROP.* !swarmyard .*10\.203\.0\.0\/16/.test(line));
  return Number(rule?.trim().split(/\s+/)[0]);
}

const server = `use IO::Socket::INET; my $all = IO::Socket::INET->new(LocalPort => 8080, Listen => 9, ReuseAddr => 1) or die; while (my $one = $all->accept) { print $one "over the mesh " . "x" x 200000 . " to its end"; close $one }`;
const client = `until exec 3<>/dev/tcp/server/8080; do sleep 1; done; read -r -d "" all <&3; echo "got \${#all}: \${all:0:13}\${all: -11}"; sleep infinity`;

const platform = `export const platform = {
  folder: __dirname,
  networks: { default: {} },
  services: {
    server: {
      image: "debian:13-slim",
      command: ["perl", "-e", ${JSON.stringify(server)}],
      init: true,
      stopGracePeriod: "1s",
      placement: { constraints: ["node.hostname == b"] },
    },
    client: {
      image: "debian:13-slim",
      command: ["bash", "-c", ${JSON.stringify(client)}],
      init: true,
      stopGracePeriod: "1s",
      placement: { constraints: ["node.hostname == a"] },
    },
  },
  rollout: { timeout: "3m", steady: "2s" },
};
`;

function prepare(): void {
  emptyFile(yard, ["platform", "db", "agent", "service"]);
  yard.set(["swarmyard:share"], { kind: "existing", path: "/data" });
  yard.set(["swarmyard:swarm"], { mesh: "wireguard", discovery: "dnsrr" });
  const own = path.join(yard.folder, "platforms/far");
  fs.mkdirSync(own, { recursive: true });
  fs.writeFileSync(path.join(own, "index.ts"), platform);
  setRack(names.slice(0, 2));
  initStack(yard);
}

function setRack(all: readonly string[]): void {
  const list = all.map((name) => [name, { address: machines.address(name) }]);
  const group = { kind: "ssh", role: "manager", machines: Object.fromEntries(list) };
  yard.set(rack, { ...group, firewall: true });
}

const nodes = () => nodesOf(yard);

const up = () => succeedIn(yard, "up");

/** The peers that a machine's tunnel has, by their addresses, with when they last shook hands. */
function peersOf(name: string): ReadonlyMap<string, number> {
  const lines = machines.on(name, "wg", "show", "swarmyard", "dump").split("\n").slice(1);
  return new Map(
    lines.map((line): [string, number] => {
      const [, , , allowed = "", handshake = "0"] = line.split("\t");
      return [allowed.replace("/32", ""), Number(handshake)];
    }),
  );
}

const meshAddress = (name: string) =>
  machines.on(name, "sh", "-c", "cut -d/ -f1 /var/lib/swarmyard/mesh/place");

describe("machines with our firewall, between which the swarm's ports are closed (userspace WireGuard)", () => {
  test("become one swarm, whose nodes have addresses of the mesh", async () => {
    await up();
    expect(await nodes()).toEqual(["a Ready Active", "b Ready Active"]);
    const addresses = await yard.docker(
      ...["node", "inspect", "--format", "{{.Status.Addr}}", "a", "b"],
    );
    expect(addresses.trim().split("\n").sort()).toEqual(
      [meshAddress("a"), meshAddress("b")].sort(),
    );
    expect(addresses).toMatch(/^10\.203\./);
    const doors = ["a", "b"].map((name) => `51820/udp ALLOW ${machines.address(name)}`);
    expect(letIn("a")).toEqual(expect.arrayContaining(doors));
    const mesh = ["a", "b"].map((name) => `2377,7946/tcp ALLOW ${meshAddress(name)}`);
    expect(letIn("a")).toEqual(expect.arrayContaining(mesh));
    await expectNoChangesIn(yard);
  });

  test("a node that is added learns of the others and they of it, and no tunnel is dropped", async () => {
    const [peer = ""] = peersOf("a").keys();
    expect(peer).toBe(meshAddress("b"));
    const ping = spawnPing("a", meshAddress("b"));
    setRack(names);
    await up();
    expect(await nodes()).toEqual(names.map((name) => `${name} Ready Active`));
    for (const name of names) {
      const others = names.filter((one) => one !== name).map(meshAddress);
      expect([...peersOf(name).keys()].sort()).toEqual(others.sort());
    }
    expect(ping.lost()).toBe(0);
    await expectNoChangesIn(yard);
  });

  test("services answer over an overlay network in packets that fit", async () => {
    const image = execFileSync("docker", ["save", "debian:13-slim"], { maxBuffer: 2 ** 30 });
    for (const name of ["a", "b"]) machines.give(name, image, "docker", "load");
    yard.set(["swarmyard:platforms"], { far: {} });
    await up();
    const logs = await yard.docker("service", "logs", "--raw", "far_client");
    expect(logs).toContain("got 200025: over the mesh to its end");
    const mtu = '{{index .Options "com.docker.network.driver.mtu"}}';
    const network = await yard.docker("network", "inspect", "--format", mtu, "far_default");
    expect(network.trim()).toBe("1370");
    // Nothing of the swarm tried another way.
    for (const name of names) expect(dropped(name), name).toEqual([0, 0]);
  });

  test("the key is in no state in clear, and on the machine only for root", () => {
    const key = machines.on(
      "a",
      "sh",
      "-c",
      "sed -n 's/^PrivateKey = //p' /var/lib/swarmyard/mesh/mesh.conf",
    );
    expect(key).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    const file = path.join(folder, "backend/.pulumi/stacks/swarmyard", `${stack}.json`);
    expect(fs.readFileSync(file, "utf8")).not.toContain(key);
    expect(machines.on("a", "stat", "-c", "%a %U", "/var/lib/swarmyard/mesh/mesh.conf")).toBe(
      "600 root",
    );
    const lines = machines.on(
      "a",
      "sh",
      "-c",
      "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '",
    );
    expect(lines).not.toContain(key);
  });

  test("a folder that all have already was found to be one", () => {
    expect(machines.on("b", "sh", "-c", "ls -A /data")).toBe(".swarmyard-a");
  });

  test("a machine that leaves takes the tunnel with it, and the others forget it", async () => {
    yard.set(["swarmyard:platforms"], {});
    setRack(names.slice(0, 2));
    // Outside a local environment, taking machines away asks.
    await succeedIn(yard, "up", "--yes");
    expect(await nodes()).toEqual(["a Ready Active", "b Ready Active"]);
    expect(machines.on("c", "sh", "-c", "ip link show swarmyard 2>&1 || true")).toContain(
      "does not exist",
    );
    expect(machines.on("c", "sh", "-c", "ls -d /var/lib/swarmyard 2>/dev/null || true")).toBe("");
    expect(letIn("a").filter((rule) => rule.endsWith(` ${machines.address("c")}`))).toEqual([]);
    const conf = machines.on("a", "cat", "/var/lib/swarmyard/mesh/mesh.conf");
    expect(conf.match(/\[Peer\]/g)).toHaveLength(1);
    await expectNoChangesIn(yard);
  });

  test("a neighbor that claims an address of the mesh is not heard", () => {
    const [own, claimed] = [meshAddress("a"), meshAddress("b")];
    const forge = `ip address add ${claimed}/32 dev lo
ip route add ${own}/32 via ${machines.address("a")} src ${claimed}
echo joined >/dev/udp/${own}/7946
ip route delete ${own}/32
ip address delete ${claimed}/32 dev lo`;
    expect(forged("a")).toBe(0);
    machines.on("c", "bash", "-ec", forge);
    expect(forged("a")).toBe(1);
  });

  test("down leaves neither the mesh, nor the firewall, nor the file on the folder", async () => {
    const { status, output } = await yard.run("down", ["--yes"]);
    expect(status, output).toBe(0);
    for (const name of names) {
      const left = "ls -d /var/lib/swarmyard /sys/class/net/swarmyard 2>/dev/null; ls -A /data";
      expect(machines.on(name, "sh", "-c", `${left}; true`), name).toBe("");
      expect(machines.on(name, "iptables-save", "-t", "mangle"), name).not.toContain("SWARMYARD");
    }
    expect(letIn("a")).toEqual([]);
  });
});

/** Packets through a tunnel, one each 200 ms, without ping: machines do not have it. */
function spawnPing(from: string, to: string): { lost(): number } {
  const script = `nohup python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 9999)); s.settimeout(1)
while True:
    try:
        data, who = s.recvfrom(99); s.sendto(data, who)
    except TimeoutError: pass
' >/dev/null 2>&1 &`;
  machines.on(names.find((name) => meshAddress(name) === to) ?? "", "sh", "-c", script);
  const probe = `nohup python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
lost = 0
while True:
    s.sendto(b"ping", ("${to}", 9999))
    try: s.recvfrom(99)
    except TimeoutError: lost += 1
    open("/run/lost", "w").write(str(lost))
    time.sleep(0.2)
' >/dev/null 2>&1 &`;
  machines.on(from, "sh", "-c", `sleep 1; ${probe}`);
  return { lost: () => Number(machines.on(from, "cat", "/run/lost")) };
}
