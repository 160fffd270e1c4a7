import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engineAddress, ensureEngine } from "../../tools/setup/engine";
import { Progress } from "../../tools/setup/progress";

let folder: string;
let said: string;
let before: NodeJS.ProcessEnv;
const progress = new Progress({ write: (text) => (said += text) });

/** Puts a script on PATH, before everything else. */
function command(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** A docker command whose engine answers once the file `up` is there. */
function dockerWithout(message: string): void {
  command(
    "docker",
    `[ -e "${folder}/up" ] && { echo 20.10.24; exit; }\necho "${message}" >&2\nexit 1`,
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
  mkdirSync(join(folder, "bin"));
  said = "";
  before = { ...process.env };
  process.env.PATH = `${join(folder, "bin")}${delimiter}/usr/bin${delimiter}/bin`;
  delete process.env.DOCKER_HOST;
  delete process.env.DOCKER_CONTEXT;
});
afterEach(() => {
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

describe("ensureEngine", () => {
  test("does and prints nothing when the Docker engine answers", async () => {
    dockerWithout("");
    writeFileSync(join(folder, "up"), "");
    expect(await ensureEngine(progress, folder)).toEqual({});
    expect(said).toBe("");
  });

  test("a user without access gets the command that grants it", async () => {
    dockerWithout("permission denied while trying to connect");
    await expect(ensureEngine(progress, folder)).rejects.toThrow("sudo usermod -aG docker");
  });

  test("a Docker engine elsewhere is not ours to start", async () => {
    dockerWithout("cannot connect");
    process.env.DOCKER_HOST = "tcp://10.0.0.9:2375";
    await expect(ensureEngine(progress, folder)).rejects.toThrow("unset DOCKER_HOST");
  });

  const canStart = process.getuid?.() === 0 && !existsSync("/run/systemd/system");
  const started = canStart ? test : test.skip;

  started(
    "starts dockerd without systemd, with its log in the cache and without our marks",
    async () => {
      dockerWithout("cannot connect");
      command(
        "dockerd",
        `env > "${folder}/env"\necho listening\ntouch "${folder}/up"\nexec sleep 60`,
      );
      process.env.SWARMYARD_RUN = "1:1";
      const { startedPid } = await ensureEngine(progress, join(folder, "cache"));
      try {
        expect(startedPid).toBeGreaterThan(1);
        expect(said).toContain("Starting the Docker engine (dockerd), because none answers");
        const log = readFileSync(join(folder, "cache", "docker", "dockerd.log"), "utf8");
        expect(log).toBe("listening\n");
        expect(readFileSync(join(folder, "env"), "utf8")).not.toContain("SWARMYARD_RUN");
      } finally {
        if (startedPid !== undefined) process.kill(startedPid);
      }
    },
  );

  started("shows the end of the log when dockerd does not stay", async () => {
    dockerWithout("cannot connect");
    command("dockerd", "echo 'failed: no cgroups'\nexit 1");
    await expect(ensureEngine(progress, join(folder, "cache"))).rejects.toThrow(
      "The Docker engine did not start.\nfailed: no cgroups",
    );
  });
});

describe("engineAddress", () => {
  test("is that of the user's context, where it is not the usual one", async () => {
    command("docker", "echo unix:///home/ann/.docker/run/docker.sock");
    expect(await engineAddress()).toBe("unix:///home/ann/.docker/run/docker.sock");
    command("docker", "echo unix:///var/run/docker.sock");
    expect(await engineAddress()).toBeUndefined();
    command("docker", "exit 1");
    expect(await engineAddress()).toBeUndefined();
  });
});
