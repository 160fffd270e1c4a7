import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { bootedScript, bootStub } from "../../components/hosts/aws/stub";
import { engineScript, engineSettings } from "../../components/hosts/machine/engine";
import { hardenMachine } from "../../components/hosts/machine/hardening";
import { installEngine } from "../../components/hosts/machine/install";
import { lintScripts } from "../lint-scripts";

const keys = {
  authorized: "ssh-ed25519 OPERATOR it's me",
  hostPrivate: `-----BEGIN OPENSSH PRIVATE KEY-----\n${"A".repeat(70)}\n-----END OPENSSH PRIVATE KEY-----\n`,
  hostPublic: "ssh-ed25519 HOST",
};

const scripts = {
  stub: bootStub(keys),
  booted: bootedScript(),
  engine: engineScript(0).text,
  "engine with GPUs": engineScript(4).text,
};

lintScripts(scripts);

describe.each(Object.entries(scripts))("%s", (_, script) => {
  test("is as it was reviewed", () => {
    expect(script).toMatchSnapshot();
  });
});

describe("the stub", () => {
  test("hardens the machine after its Docker engine is installed, before it says that it is up", () => {
    const at = (text: string) => scripts.stub.indexOf(text);
    expect(at("service_action start docker")).toBeGreaterThan(0);
    expect(at(hardenMachine())).toBeGreaterThan(at("service_action start docker"));
    expect(at("touch /var/lib/swarmyard/booted")).toBeGreaterThan(at(hardenMachine()));
    expect(bootStub({ ...keys, overlayPort: 5000 })).toContain("--dports 5000,7946 ");
  });

  test("installs the Docker engine as on any machine, and is far below EC2's limit of 16 KiB", () => {
    expect(installEngine).toContain("need docker docker.io");
    expect(scripts.stub).toContain(installEngine);
    const largest = bootStub({
      ...keys,
      authorized: "A".repeat(800),
      hostPrivate: "B".repeat(3000),
    });
    expect(Buffer.byteLength(largest)).toBeLessThan(12 * 1024);
  });

  test("holds nothing specific to the host, so that all machines start the same", () => {
    const other = bootStub({ ...keys, hostPrivate: "OTHER" });
    const lines = (text: string) => text.split("\n");
    const differing = lines(other).filter((line) => !lines(scripts.stub).includes(line));
    expect(differing).toEqual(["OTHER"]);
  });

  test("closes SSH to all but one login with a key, and opens it to many connections", () => {
    for (const line of [
      "PasswordAuthentication no",
      "PermitRootLogin no",
      "AllowUsers swarmyard",
      "AllowAgentForwarding no",
      "X11Forwarding no",
      "PermitTunnel no",
      "MaxStartups 200:30:400",
    ]) {
      expect(scripts.stub).toContain(`\n${line}\n`);
    }
  });
});

/** A machine in a folder: programs that only note what they are asked. */
const folder = mkdtempSync(join(tmpdir(), "swarmyard-engine-"));
afterAll(() => rmSync(folder, { recursive: true }));

const python = spawnSync("python3", ["--version"]).status === 0;

interface Machine {
  readonly daemon?: object;
  readonly gpus?: readonly string[];
  readonly config?: string;
}

beforeEach(() => {
  rmSync(folder, { recursive: true });
  for (const name of ["bin", "etc/docker", "etc/nvidia-container-runtime", "var"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, "etc/hosts"), "127.0.0.1 localhost\n");
});

function program(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
}

/** Runs the Docker engine's script on the machine and returns what it asked of its services. */
function run(settings: object, machine: Machine = {}, expected = machine.gpus?.length ?? 0) {
  const daemon = join(folder, "etc/docker/daemon.json");
  if (machine.daemon !== undefined) writeFileSync(daemon, JSON.stringify(machine.daemon));
  const toml = join(folder, "etc/nvidia-container-runtime/config.toml");
  if (machine.config !== undefined) writeFileSync(toml, machine.config);
  program("hostname", "echo vm-db-0");
  program("docker", "echo inactive");
  program("service", `echo "$@" >>${folder}/asked`);
  program("nvidia-smi", (machine.gpus ?? []).map((gpu) => `echo ${gpu}`).join("\n") || "true");
  writeFileSync(join(folder, "asked"), "");
  const { text, stdin } = engineScript(expected);
  const script = text
    .replaceAll("/etc/", `${folder}/etc/`)
    .replaceAll("/run/systemd/system", `${folder}/none`)
    .replaceAll("/var/lib/swarmyard", `${folder}/var`);
  const { status, stderr } = spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    input: stdin({ name: "vm-db-0", settings: JSON.stringify(settings) }),
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
  });
  return {
    status,
    stderr: String(stderr),
    asked: readFileSync(join(folder, "asked"), "utf8").trim(),
    daemon: status === 0 ? JSON.parse(readFileSync(daemon, "utf8")) : undefined,
    config: machine.config === undefined ? "" : readFileSync(toml, "utf8"),
  };
}

describe.skipIf(!python)("the Docker engine's settings (skipped without python3)", () => {
  test("are merged over the image's settings, once", () => {
    const image = {
      runtimes: { nvidia: { path: "old" } },
      "log-opts": { labels: "x" },
      debug: true,
    };
    const ours = { "log-opts": { "max-size": "10m" }, bip: "172.30.0.1/24" };
    const first = run(ours, { daemon: image });
    expect(first).toMatchObject({ status: 0, asked: "docker restart" });
    expect(first.daemon).toEqual({
      ...image,
      ...ours,
      "log-opts": { labels: "x", "max-size": "10m" },
    });
    expect(run(ours)).toMatchObject({ status: 0, asked: "", daemon: first.daemon });
  });

  test("that are withdrawn are removed, and reloadable ones need no restart", () => {
    run({ bip: "172.30.0.1/24", "insecure-registries": ["a:5000"] });
    const reloaded = run({ bip: "172.30.0.1/24" });
    expect(reloaded.asked).toBe("docker reload");
    expect(reloaded.daemon).toEqual({ bip: "172.30.0.1/24" });
    expect(run({}).daemon).toEqual({});
  });

  test("name the machine's own GPUs, whose runtime sees a task's own ones only", () => {
    const config = `#swarm-resource = "DOCKER_RESOURCE_GPU"\n[nvidia-container-cli]\nmode = "other"\n[nvidia-container-runtime]\nmode = "auto"\n[nvidia-container-runtime.modes.cdi]\nmode = "kept"\n`;
    const machine = { gpus: ["GPU-a", "GPU-b"], config };
    const {
      daemon,
      config: written,
      asked,
    } = run({ "node-generic-resources": ["FPGA=1"] }, machine);
    expect(daemon).toEqual({
      "default-runtime": "nvidia",
      runtimes: { nvidia: { path: "nvidia-container-runtime", runtimeArgs: [] } },
      "node-generic-resources": ["FPGA=1", "NVIDIA-GPU=GPU-a", "NVIDIA-GPU=GPU-b"],
    });
    expect(written).toBe(
      `swarm-resource = "DOCKER_RESOURCE_NVIDIA-GPU"\n[nvidia-container-cli]\nmode = "other"\n[nvidia-container-runtime]\nmode = "legacy"\n[nvidia-container-runtime.modes.cdi]\nmode = "kept"\n`,
    );
    expect(asked).toBe("docker restart");
  });

  test("are refused when the machine has not the GPUs of its type", () => {
    const { status, stderr } = run({}, { gpus: ["GPU-a"], config: "" }, 4);
    expect(status).not.toBe(0);
    expect(stderr).toContain("vm-db-0 has 1 GPUs by nvidia-smi, and its type has 4");
  });
});

describe("the wait for a machine", () => {
  function wait() {
    program("docker", "echo id");
    program("hostname", "echo vm-db-0");
    const script = bootedScript()
      .replaceAll("/var/lib/swarmyard", `${folder}/var`)
      .replaceAll("/var/log/", `${folder}/var/`);
    return spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", script], {
      env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
    });
  }

  test("ends when the first boot is done and the Docker engine answers", () => {
    writeFileSync(join(folder, "var/booted"), "");
    expect(wait().status).toBe(0);
  });

  test("prints the end of the boot log when it failed", () => {
    const lines = Array.from({ length: 60 }, (_, n) => `line ${n}`);
    writeFileSync(join(folder, "var/swarmyard-boot.log"), `${lines.join("\n")}\n`);
    writeFileSync(join(folder, "var/failed"), "");
    const { status, stderr } = wait();
    expect(status).toBe(1);
    expect(String(stderr)).toMatch(/^vm-db-0: its first boot failed\. The end of /);
    expect(String(stderr)).toContain("line 59");
    expect(String(stderr)).not.toContain("line 19\n");
  });
});

test("settings keep off the VPC and the swarm's pools, and rotate logs", () => {
  const args = { taken: ["172.16.0.0/12"], resources: { FPGA: 2, "NVIDIA-GPU": 4 } };
  const settings = JSON.parse(engineSettings({ ...args, metrics: true }));
  expect(JSON.parse(engineSettings(args))).not.toHaveProperty("metrics-addr");
  expect(settings).toEqual({
    bip: "10.254.0.1/24",
    "default-address-pools": [{ base: "10.254.0.0/16", size: 24 }],
    "log-driver": "json-file",
    "log-opts": { "max-file": "3", "max-size": "10m" },
    "metrics-addr": "0.0.0.0:9323",
    // GPUs are named by the machine itself.
    "node-generic-resources": ["FPGA=2"],
  });
});

test("a group's own settings replace ours, and a log driver comes without the options of ours", () => {
  const args = { taken: [], resources: {} };
  const own = { "log-driver": "awslogs", "log-opts": { "awslogs-group": "/yard" }, icc: true };
  const settings = JSON.parse(engineSettings({ ...args, own }));
  expect(settings).toEqual({
    bip: "172.30.0.1/24",
    "default-address-pools": [{ base: "172.30.0.0/16", size: 24 }],
    ...own,
  });
  const journal = JSON.parse(engineSettings({ ...args, own: { "log-driver": "journald" } }));
  expect(journal).not.toHaveProperty("log-opts");
  const debug = JSON.parse(engineSettings({ ...args, own: { debug: true } }));
  expect(debug["log-opts"]).toEqual({ "max-file": "3", "max-size": "10m" });
});
