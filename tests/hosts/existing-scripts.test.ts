import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { rootProbe, userProbe } from "../../components/engine/machine/probe";
import { claimScript, releaseScript } from "../../components/hosts/machine/claim";
import { existingSettings } from "../../components/hosts/machine/engine";
import { settleScript, unsettleScript } from "../../components/hosts/machine/existing";
import { lintScripts } from "../lint-scripts";

lintScripts({
  "a look by the user": userProbe,
  "a look by root": rootProbe,
  "claim from the distribution": claimScript({ source: "distribution" }).text,
  "claim from Docker": claimScript({ source: "docker", version: "28.5.1" }).text,
  settle: settleScript({ gpus: 0, setHostname: false }).text,
  "settle with a hostname and GPUs": settleScript({ gpus: 2, setHostname: true }).text,
  unsettle: unsettleScript(),
  release: releaseScript(false),
  "release and purge": releaseScript(true),
});

/** A machine in a folder: programs that only note what they are asked. */
const folder = mkdtempSync(join(tmpdir(), "swarmyard-existing-"));
afterAll(() => rmSync(folder, { recursive: true }));

const python = spawnSync("python3", ["--version"]).status === 0;
const daemon = join(folder, "etc/docker/daemon.json");

beforeEach(() => {
  rmSync(folder, { recursive: true });
  for (const name of ["bin", "etc/docker", "var"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, "etc/hosts"), "127.0.0.1 localhost\n");
  writeFileSync(join(folder, "etc/hostname"), "found\n");
  const notes = `echo "$(basename "$0") $*" >>${folder}/asked`;
  program(
    "hostname",
    `if [ $# -gt 0 ]; then echo "$1" >${folder}/etc/hostname; else cat ${folder}/etc/hostname; fi`,
  );
  program(
    "docker",
    `${notes}\ncase "$1 $2" in "info --format") echo inactive ;; "network inspect") exit 1 ;; esac`,
  );
  program("service", notes);
});

function program(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
}

function run(text: string, input = "") {
  writeFileSync(join(folder, "asked"), "");
  const script = text
    .replaceAll("/etc/", `${folder}/etc/`)
    .replaceAll("/run/systemd/system", `${folder}/none`)
    .replaceAll("/var/lib/swarmyard", `${folder}/var`);
  const { status, stderr } = spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    input,
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
  });
  const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
  const services = asked.filter((line) => line.startsWith("service "));
  return { status, stderr: String(stderr), services };
}

const RESTARTED = ["service docker restart"];
const usual = { taken: ["10.0.0.0/24"], resources: { FPGA: 1 } };

function settle(args: Parameters<typeof existingSettings>[0], setHostname = false) {
  const { text, stdin } = settleScript({ gpus: 0, setHostname });
  const name = setHostname ? "db-0" : "found";
  const { status, stderr, services } = run(text, stdin({ name, settings: existingSettings(args) }));
  expect(status, stderr).toBe(0);
  return { services, daemon: JSON.parse(readFileSync(daemon, "utf8")) };
}

function unsettle() {
  const { status, stderr, services } = run(unsettleScript());
  expect(status, stderr).toBe(0);
  return services;
}

const logs = { "log-driver": "json-file", "log-opts": { "max-file": "3", "max-size": "10m" } };

test("a Docker engine keeps its addresses where they meet nothing", () => {
  expect(JSON.parse(existingSettings(usual))).toEqual({
    defaults: { ...logs, "node-generic-resources": ["FPGA=1"] },
    stated: {},
  });
  const { defaults } = JSON.parse(existingSettings({ ...usual, taken: ["172.18.0.0/16"] }));
  expect(defaults.bip).toBe("172.30.0.1/24");
  const own = { "log-driver": "local" };
  expect(JSON.parse(existingSettings({ ...usual, own }))).toEqual({
    defaults: { "node-generic-resources": ["FPGA=1"] },
    stated: own,
  });
});

describe.skipIf(!python)("settings of an existing machine (skipped without python3)", () => {
  test("come once, and go with the machine: no file is left", () => {
    const first = settle(usual);
    expect(first).toEqual({
      services: RESTARTED,
      daemon: { ...logs, "node-generic-resources": ["FPGA=1"] },
    });
    expect(settle(usual).services).toEqual([]);
    expect(unsettle()).toEqual(RESTARTED);
    expect(existsSync(daemon)).toBe(false);
    expect(readdirSync(join(folder, "var"))).toEqual([]);
    expect(unsettle()).toEqual([]);
  });

  test("of its own win over our defaults, and come back byte by byte", () => {
    const text = '{ "log-opts": {"tag": "x"},   "bip": "10.9.0.1/24", "debug": true }';
    writeFileSync(daemon, text);
    const { daemon: now } = settle({ ...usual, taken: ["172.18.0.0/16"] });
    expect(now).toEqual({
      ...JSON.parse(text),
      "node-generic-resources": ["FPGA=1"],
    });
    unsettle();
    expect(readFileSync(daemon, "utf8")).toBe(text);
  });

  test("that the group states win over its own, and a restart is spared where a reload will do", () => {
    writeFileSync(daemon, '{"debug": false, "log-driver": "local"}');
    settle({ taken: [], resources: {} });
    const stated = settle({ taken: [], resources: {}, own: { debug: true } });
    expect(stated).toEqual({
      services: ["service docker reload"],
      daemon: { debug: true, "log-driver": "local" },
    });
    expect(settle({ taken: [], resources: {} }).daemon).toEqual({
      debug: false,
      "log-driver": "local",
    });
  });

  test("that somebody changed since stay when it leaves", () => {
    settle(usual);
    const now = JSON.parse(readFileSync(daemon, "utf8"));
    writeFileSync(daemon, JSON.stringify({ ...now, debug: true, "log-driver": "journald" }));
    expect(unsettle()).toEqual(RESTARTED);
    expect(JSON.parse(readFileSync(daemon, "utf8"))).toEqual({
      debug: true,
      "log-driver": "journald",
    });
  });

  test("end live restore, which no swarm can have, until it leaves", () => {
    writeFileSync(daemon, '{"live-restore": true}');
    expect(settle(usual).daemon["live-restore"]).toBe(false);
    unsettle();
    expect(readFileSync(daemon, "utf8")).toBe('{"live-restore": true}');
  });

  test("change the hostname only where that was asked for, and give it back", () => {
    const hosts = () => readFileSync(join(folder, "etc/hosts"), "utf8");
    const name = () => readFileSync(join(folder, "etc/hostname"), "utf8").trim();
    settle(usual);
    expect(name()).toBe("found");
    expect(settle(usual, true).services).toEqual(RESTARTED);
    expect([name(), hosts()]).toEqual([
      "db-0",
      "127.0.0.1 localhost\n127.0.1.1 db-0 # swarmyard\n",
    ]);
    expect(settle(usual, true).services).toEqual([]);
    unsettle();
    expect([name(), hosts()]).toEqual(["found", "127.0.0.1 localhost\n"]);
  });
});
