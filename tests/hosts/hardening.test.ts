import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  containersProgram,
  hardenMachine,
  pruneProgram,
} from "../../components/hosts/machine/hardening";
import { lintScripts } from "../lint-scripts";

/** A machine in a folder: programs that only note what they are asked. */
const folder = mkdtempSync(join(tmpdir(), "swarmyard-hardening-"));
afterAll(() => rmSync(folder, { recursive: true }));
const notes = join(folder, "asked");

beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(join(folder, "bin"), { recursive: true });
});

function program(name: string, text = ""): void {
  const note = `echo "${name} $*" >>${notes}`;
  writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${note}\n${text}\n`, { mode: 0o755 });
}

function run(script: string) {
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
  });
  const asked = existsSync(notes) ? readFileSync(notes, "utf8").trimEnd().split("\n") : [];
  return { status, stderr: String(stderr), asked };
}

lintScripts({ containers: containersProgram(), prune: pruneProgram() });

describe("containers", () => {
  const bridges = ["docker0", "docker_gwbridge", "br-+"];
  const table = "iptables --wait --table mangle";
  const rules = [
    `${table} --append SWARMYARD --protocol tcp --match multiport --dports 2049,2377,7946,9323 --jump DROP`,
    `${table} --append SWARMYARD --protocol udp --match multiport --dports 4789,7946 --jump DROP`,
    `${table} --append SWARMYARD --destination 169.254.169.254 --jump DROP`,
  ];
  const jump = (how: string, bridge: string) =>
    `${table} ${how} PREROUTING --in-interface ${bridge} --match conntrack --ctdir ORIGINAL --jump SWARMYARD`;

  test("are kept from the swarm's ports, the share and the metadata, on every bridge", () => {
    program("iptables", '[[ "$*" != *--check* ]]');
    const { status, asked } = run(containersProgram());
    expect(status).toBe(0);
    expect(asked).toEqual([
      `${table} --new-chain SWARMYARD`,
      ...rules,
      ...bridges.flatMap((bridge) => [jump("--check", bridge), jump("--insert", bridge)]),
    ]);
  });

  test("get the same rules once, however often it runs", () => {
    program("iptables", '[[ "$*" != *--new-chain* ]]');
    expect(run(containersProgram()).asked).toEqual([
      `${table} --new-chain SWARMYARD`,
      `${table} --flush SWARMYARD`,
      ...rules,
      ...bridges.map((bridge) => jump("--check", bridge)),
    ]);
  });
});

describe("a node's disk", () => {
  const prune = (percent: number) => {
    program("df", `printf 'Use%%\\n %s%%\\n' ${percent}`);
    program("docker");
    return run(pruneProgram());
  };

  test("keeps its images while there is room", () => {
    expect(prune(74)).toEqual({
      status: 0,
      stderr: "",
      asked: ["df --output=pcent /var/lib/docker"],
    });
  });

  test("is freed when it fills up, without what runs and what is younger than a day", () => {
    expect(prune(75).asked).toEqual([
      "df --output=pcent /var/lib/docker",
      "docker container prune --force --filter until=24h",
      "docker image prune --all --force",
    ]);
  });
});

/** The first boot's part that hardens, on a machine in a folder. */
function harden(daemon?: object, bridged = true) {
  for (const name of ["etc/docker", "etc/apt/apt.conf.d", "etc/systemd/system", "usr/local/sbin"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, "etc/needrestart/conf.d"), { recursive: true });
  if (bridged) {
    mkdirSync(join(folder, "proc"), { recursive: true });
    writeFileSync(join(folder, "proc/bridge"), "1\n");
  }
  const path = join(folder, "etc/docker/daemon.json");
  if (daemon !== undefined) writeFileSync(path, JSON.stringify(daemon));
  for (const name of ["systemctl", "modprobe", "apt-get", "iptables"]) program(name);
  const script = hardenMachine()
    .replaceAll("/proc/sys/net/bridge/bridge-nf-call-iptables", `${folder}/proc/bridge`)
    .replaceAll("/etc/", `${folder}/etc/`)
    .replaceAll("/usr/local/sbin/", `${folder}/usr/local/sbin/`);
  const functions = `set -Eeuo pipefail
need() { command -v "$1" >/dev/null || missing+=("$2"); }
fetch() { echo "fetch \${missing[*]}" >>${notes}; missing=(); }`;
  const ran = run(`${functions}\n${script}`);
  return { ...ran, daemon: ran.status === 0 ? JSON.parse(readFileSync(path, "utf8")) : undefined };
}

describe("the first boot", () => {
  test("gives the Docker engine its hardened settings, under what the image says", () => {
    const hardened = { icc: false, "no-new-privileges": true, "userland-proxy": false };
    expect(harden()).toMatchObject({ status: 0, stderr: "", daemon: hardened });
    expect(harden({ runtimes: {}, "no-new-privileges": false }).daemon).toEqual({
      ...hardened,
      runtimes: {},
      "no-new-privileges": false,
    });
  });

  test("leaves containers of the default bridge alone where the kernel cannot filter it", () => {
    expect(harden(undefined, false).daemon).toEqual({
      "no-new-privileges": true,
      "userland-proxy": false,
    });
  });

  test("starts what keeps the machine as it should be, and restarts nothing", () => {
    const { asked } = harden();
    expect(asked.filter((line) => line.startsWith("systemctl"))).toEqual([
      "systemctl daemon-reload",
      "systemctl enable --quiet --now swarmyard-containers.service",
      "systemctl enable --quiet --now apt-daily.timer apt-daily-upgrade.timer",
      "systemctl daemon-reload",
      "systemctl enable --quiet --now swarmyard-prune.timer",
    ]);
    const installed = readFileSync(join(folder, "usr/local/sbin/swarmyard-containers"), "utf8");
    expect(installed).toBe(containersProgram());
    expect(readFileSync(join(folder, "usr/local/sbin/swarmyard-prune"), "utf8")).toBe(
      pruneProgram(),
    );
  });

  test("installs security updates every day, but of nothing that would end tasks, without a reboot", () => {
    harden();
    expect(
      readFileSync(join(folder, "etc/apt/apt.conf.d/52swarmyard-upgrades"), "utf8"),
    ).toBe(`APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::Package-Blacklist { "^docker"; "^containerd"; "^runc"; "^nvidia"; "^libnvidia"; };
`);
    expect(hardenMachine()).toContain(`[commands]
upgrade_type = security
apply_updates = yes
[emitters]
emit_via = stdio
[base]
excludepkgs = docker* containerd* runc* nvidia* libnvidia*
`);
  });
});
