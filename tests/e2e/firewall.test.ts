// cspell:words ctstate
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONFIRM_SECONDS } from "../../components/hosts/machine/firewall/scripts";
import { Machines } from "./machines";
import { emptyFile, initStack, makeKey, nodesOf, useOwnBackend } from "./rack";
import { expectNoChangesIn, succeedIn } from "./succeed";
import { Yard } from "./yard";

const stack = "firewall";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "yard-firewall-"));
const key = path.join(folder, "key");

let machines: Machines;
let yard: Yard;
const before = new Map<string, string>();

beforeAll(async () => {
  machines = new Machines("firewall-e2e", makeKey(key));
  await machines.start({
    head: { hostname: "head", system: "debian-13" },
    hand: { hostname: "hand" },
    late: { hostname: "late" },
    // They are not in the swarm: one in a network that may reach published ports, one not.
    friend: { hostname: "friend" },
    stranger: { hostname: "stranger" },
  });
  for (const name of ["head", "hand", "late"]) before.set(name, rules(name));
  yard = new Yard(stack);
  useOwnBackend(yard, folder);
  prepare();
});
afterAll(async () => {
  machines.remove();
  await yard?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const answer = (port: number) =>
  `my $s = IO::Socket::INET->new(LocalPort => ${port}, Listen => 9, ReuseAddr => 1); while (my $c = $s->accept) { print $c "here\\n"; close $c }`;

// The kernel of these machines may lack IP_VS, which ports of all nodes (ingress) need: each port is its node's.
const platform = `const common = { image: "debian:13-slim", init: true, stopGracePeriod: "1s" };
const on = (node: string) => ({ constraints: ["node.hostname == " + node] });
export const platform = {
  folder: __dirname,
  networks: { default: {} },
  services: {
    web: {
      ...common,
      command: ["perl", "-MIO::Socket::INET", "-e", ${JSON.stringify(answer(8081))}],
      ports: [{ target: 8081, published: 8081, mode: "host" }],
      placement: on("hand"),
    },
    asking: { ...common, command: ["sleep", "infinity"], placement: on("head") },
  },
  rollout: { timeout: "3m", steady: "2s" },
};
`;

function prepare(): void {
  emptyFile(yard, ["platform", "db", "agent", "service"]);
  setGroups(["hand"]);
  yard.set(["swarmyard:share"], { kind: "none" });
  const own = path.join(yard.folder, "platforms/plain");
  fs.mkdirSync(own, { recursive: true });
  fs.writeFileSync(path.join(own, "index.ts"), platform);
  initStack(yard);
}

function setGroups(workers: readonly string[], firewall?: object): void {
  const group = (role: string, names: readonly string[]) => ({
    ...{ kind: "ssh", role, key: { file: key } },
    machines: Object.fromEntries(names.map((name) => [name, { address: machines.address(name) }])),
    ...(firewall === undefined ? {} : { firewall }),
  });
  yard.set(["swarmyard:hosts", "groups", "head"], group("manager", ["head"]));
  yard.set(["swarmyard:hosts", "groups", "hands"], group("worker", workers));
}

const open = () => ({ from: [`${machines.address("friend")}/32`] });

/** Our rules and those of others, without counts. */
function rules(name: string): string {
  const script =
    "for tool in iptables ip6tables; do $tool-save -t mangle 2>/dev/null | grep -vE '^(#|:)' || true; done";
  return machines.on(name, "sh", "-c", script);
}

/** What one machine gets from a port of another; undefined when it cannot connect. */
function reach(from: string, to: string, port: number): string | undefined {
  const script = `exec 3<>/dev/tcp/${machines.address(to)}/${port} || exit 1; timeout 3 head -n 1 <&3 || true`;
  const quiet = `timeout 5 bash -c '${script}' 2>/dev/null || echo "no way"`;
  const said = machines.on(from, "bash", "-c", quiet);
  return said.endsWith("no way") ? undefined : said;
}

const up = () => succeedIn(yard, "up");

const nodes = () => nodesOf(yard);

/** What a task on one machine gets from the task on the other, over the swarm's own network. */
function overlay(): string {
  const task = machines.on("head", "docker", "ps", "-q", "--filter", "name=plain_asking");
  const script = "exec 3<>/dev/tcp/web/8081; head -n 1 <&3";
  return machines.on("head", "docker", "exec", task, "timeout", "10", "bash", "-c", script);
}

describe("a firewall of ours on machines that exist, with ports published on their nodes", () => {
  test("without one, everybody reaches the swarm's ports and published ones", async () => {
    await up();
    const image = execFileSync("docker", ["save", "debian:13-slim"], { maxBuffer: 2 ** 30 });
    for (const name of ["head", "hand"]) machines.give(name, image, "docker", "load");
    yard.set(["swarmyard:platforms"], { plain: {} });
    await up();
    expect(reach("stranger", "head", 2377)).toBeDefined();
    expect(reach("stranger", "hand", 7946)).toBeDefined();
    expect(reach("stranger", "hand", 8081)).toBe("here");
    expect(overlay()).toBe("here");
  });

  test("with it, only nodes do, and published ports answer to the named network", async () => {
    setGroups(["hand"], open());
    await up();
    for (const one of ["stranger", "friend"]) {
      expect(reach(one, "head", 2377)).toBeUndefined();
      expect(reach(one, "head", 7946)).toBeUndefined();
      expect(reach(one, "hand", 7946)).toBeUndefined();
      expect(reach(one, "head", 22)).toContain("SSH-2.0");
      expect(reach(one, "hand", 22)).toContain("SSH-2.0");
    }
    expect(reach("friend", "hand", 8081)).toBe("here");
    expect(reach("stranger", "hand", 8081)).toBeUndefined();
    expect([reach("hand", "head", 2377), reach("head", "hand", 8081)]).toEqual(["", "here"]);
    expect(overlay()).toBe("here");
    expect(await nodes()).toEqual(["hand Ready Active", "head Ready Active"]);
    await expectNoChangesIn(yard);
  });

  test("ports that are published by hand, and one that Docker chooses, are closed too", () => {
    const server = ["debian:13-slim", "perl", "-MIO::Socket::INET", "-e", answer(8080)];
    const publish = ["--publish", "mode=host,published=8082,target=8080"];
    const place = ["--constraint", "node.hostname==head"];
    machines.on(
      ...(["head", "docker", "service", "create", "--name", "by-hand", "--quiet"] as const),
      ...[...publish, ...place, ...server],
    );
    machines.on(
      "head",
      "docker",
      "run",
      "--detach",
      "--name",
      "own",
      "--publish",
      "8080",
      ...server,
    );
    const chosen = machines.on("head", "docker", "port", "own", "8080/tcp").split("\n")[0] ?? "";
    const ports = [8082, Number(chosen.split(":").at(-1))];
    expect(ports.map((port) => reach("friend", "head", port))).toEqual(["here", "here"]);
    expect(ports.map((port) => reach("stranger", "head", port))).toEqual([undefined, undefined]);
    machines.on("head", "docker", "service", "rm", "by-hand");
    machines.on("head", "docker", "rm", "--force", "own");
  });

  test("a new node is let in, and one that leaves is not any more", async () => {
    setGroups(["hand", "late"], open());
    await up();
    expect(await nodes()).toEqual(["hand Ready Active", "head Ready Active", "late Ready Active"]);
    expect(rules("head")).toContain(`-s ${machines.address("late")}/32 -j RETURN`);
    expect(reach("stranger", "late", 7946)).toBeUndefined();
    setGroups(["hand"], open());
    // Outside a local environment, taking machines away asks.
    await succeedIn(yard, "up", "--yes");
    expect(await nodes()).toEqual(["hand Ready Active", "head Ready Active"]);
    expect(rules("head")).not.toContain(`-s ${machines.address("late")}/32`);
    expect(rules("late")).toBe(before.get("late"));
    expect(reach("late", "head", 2377)).toBeUndefined();
    await expectNoChangesIn(yard);
  });

  test("rules that lock everybody out are taken back within a minute, and the next up goes on", {
    timeout: 240_000,
  }, async () => {
    const kept = rules("hand");
    // What rules that are wrong would do: from the moment that they are there, no new connection is let in.
    const pending = "/var/lib/swarmyard/firewall/pending";
    const closed = "-p tcp --dport 22 -m conntrack --ctstate NEW -j DROP";
    const lockOut = `until [ -e ${pending} ]; do sleep 0.02; done
date +%s >/root/began; iptables -I INPUT ${closed}
while [ -e ${pending} ]; do sleep 0.1; done
date +%s >/root/ended; iptables -D INPUT ${closed}`;
    machines.on("hand", "sh", "-c", `setsid bash -c '${lockOut}' >/dev/null 2>&1 </dev/null &`);
    setGroups(["hand"], { from: [`${machines.address("stranger")}/32`] });
    const { status, output } = await yard.run("up");
    expect(status).not.toBe(0);
    expect(output).toContain("taken back, because nobody confirmed them within 60 seconds");
    const lasted =
      Number(machines.on("hand", "cat", "/root/ended")) -
      Number(machines.on("hand", "cat", "/root/began"));
    expect(lasted).toBeGreaterThanOrEqual(CONFIRM_SECONDS - 1);
    expect(lasted).toBeLessThanOrEqual(CONFIRM_SECONDS + 5);
    expect(rules("hand")).toBe(kept);
    expect([reach("friend", "hand", 8081), reach("stranger", "hand", 8081)]).toEqual([
      "here",
      undefined,
    ]);
    await up();
    expect([reach("friend", "hand", 8081), reach("stranger", "hand", 8081)]).toEqual([
      undefined,
      "here",
    ]);
    await expectNoChangesIn(yard);
  });

  test("it goes with the setting, and with the environment", async () => {
    setGroups(["hand"]);
    await up();
    expect(rules("hand")).toBe(before.get("hand"));
    expect(reach("friend", "hand", 8081)).toBe("here");
    setGroups(["hand"], open());
    await up();
    expect(rules("head")).not.toBe(before.get("head"));
    await succeedIn(yard, "down", "--yes");
    for (const name of ["head", "hand"]) {
      expect(rules(name)).toBe(before.get(name));
      expect(machines.on(name, "sh", "-c", "ls /var/lib/swarmyard 2>/dev/null || true")).toBe("");
    }
  });
});
