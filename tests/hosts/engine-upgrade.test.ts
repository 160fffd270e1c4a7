import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  engineUpgradeScript,
  offerScript,
  readOffer,
} from "../../components/hosts/machine/engine-upgrade";
import { acceptPublished, refusePublished } from "../../components/hosts/machine/published-ports";
import { lintScripts } from "../lint-scripts";

lintScripts({
  "what the package sources have": offerScript.text,
  "another Docker engine": engineUpgradeScript.text,
  "published ports are closed": refusePublished.text,
  "published ports are open": acceptPublished,
});

/** A machine in a folder: programs that only note what they are asked. */
const folder = mkdtempSync(join(tmpdir(), "swarmyard-upgrade-"));
const bin = join(folder, "bin");
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(bin, { recursive: true });
  program("apt-get", "exit 0");
  program(
    "dpkg-query",
    '[ "$4" = docker.io ] || exit 1\ncase "$3" in *Status*) printf installed ;; *) printf 1.0 ;; esac',
  );
  program(
    "apt-cache",
    'case "$1" in policy) echo "  Candidate: 2.0" ;; *) echo "docker.io | 1.5 | m"; echo "docker.io | 2.0 | m" ;; esac',
  );
  // As dpkg does with plain numbers.
  program("dpkg", 'awk -v a="$2" -v b="$4" "BEGIN { exit !(a > b) }"');
  program("dockerd", "echo 'Docker version 2.0, build abc'");
  program("pidof", "exit 1");
  program("docker", "echo 2.0");
  program("service", "exit 0");
  program("systemctl", "exit 0");
});

function program(name: string, body: string): void {
  const note = `echo "$(basename "$0") $*" >>${folder}/asked`;
  writeFileSync(join(bin, name), `#!/bin/bash\n${note}\n${body}\n`, { mode: 0o755 });
}

function run(script: string, input: string) {
  const { stdout, stderr, status } = spawnSync(
    "bash",
    ["--norc", "-c", `set -euo pipefail\n${script}`],
    {
      input,
      encoding: "utf8",
      env: { PATH: `${bin}:/usr/bin:/bin` },
    },
  );
  return { stdout, stderr: stderr.trim(), status };
}

const asked = () => readFileSync(join(folder, "asked"), "utf8").trim().split("\n");

describe("what a machine's package sources have", () => {
  const offerFor = (version: string) => run(offerScript.text, offerScript.stdin({ version }));

  test.each([
    ["the newest", "", { offered: "2.0", is: "newer" }],
    ["the stated one", "1.5", { offered: "1.5", is: "newer" }],
    ["what is installed", "1.0", { offered: "1.0", is: "same" }],
  ])("is %s", (_, version, expected) => {
    const { stdout } = offerFor(version);
    expect(readOffer(stdout)).toEqual({ package: "docker.io", installed: "1.0", ...expected });
  });

  test("is older than what is installed, where an older one is stated", () => {
    program("apt-cache", 'echo "docker.io | 0.9 | m"');
    expect(readOffer(offerFor("0.9").stdout).is).toBe("older");
  });

  test("is not what is stated: it says what there is", () => {
    expect(offerFor("3.0")).toEqual({
      stdout: "",
      stderr: "its package sources have no docker.io 3.0; they have 1.5 2.0",
      status: 1,
    });
  });

  test("is not known of a Docker engine that no package brought", () => {
    program("dpkg-query", "exit 1");
    expect(offerFor("")).toEqual({
      stdout: "",
      stderr: "its Docker engine is not of a package that is known here",
      status: 1,
    });
  });

  test("is nothing in a text that says something else", () => {
    expect(() => readOffer("welcome\n")).toThrow("it said nothing about its packages: welcome");
  });
});

describe("another Docker engine", () => {
  const upgrade = (name: string, offered: string) =>
    run(engineUpgradeScript.text, engineUpgradeScript.stdin({ package: name, offered }));
  const installed = () =>
    asked()
      .find((line) => line.startsWith("apt-get"))
      ?.split(" --no-install-recommends ")[1];

  test("is installed; one that its package has restarted is left alone", () => {
    expect(upgrade("docker.io", "2.0")).toEqual({ stdout: "2.0\n", stderr: "", status: 0 });
    expect(installed()).toBe("docker.io=2.0 docker-cli");
    expect(asked().filter((line) => line.includes("restart"))).toEqual([]);
  });

  test("of Docker's own packages comes with their command", () => {
    expect(upgrade("docker-ce", "5:2.0").status).toBe(0);
    expect(installed()).toBe("docker-ce=5:2.0 docker-ce-cli=5:2.0 containerd.io");
  });

  test("is started where the package did not", () => {
    program("docker", `if grep -q restart ${folder}/asked; then echo 2.0; else echo 1.0; fi`);
    expect(upgrade("docker.io", "2.0")).toEqual({ stdout: "2.0\n", stderr: "", status: 0 });
    expect(asked().filter((line) => line.includes("restart"))).toHaveLength(1);
  });

  test("that cannot be installed fails", () => {
    program("apt-get", 'echo "E: broken" >&2; exit 100');
    expect(upgrade("docker.io", "2.0")).toEqual({ stdout: "", stderr: "E: broken", status: 100 });
  });
});
