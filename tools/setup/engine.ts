import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { aptInstall, canInstall } from "./apt";
import { Failure } from "./failure";
import { capture, findCommand, lastLines, must } from "./processes";
import type { Progress } from "./progress";
import { withoutMarks } from "./runs";

/** The Docker engine of this machine. */
export interface DockerEngine {
  /** The process that this command started; undefined when it was already running or systemd runs it. */
  readonly startedPid?: number;
}

/** Whether the Docker engine answers, and if not, the error. */
export async function askEngine(): Promise<{ answers: boolean; said: string }> {
  const { status, stdout, stderr } = await capture(
    "docker",
    ["version", "--format", "{{.Server.Version}}"],
    { timeoutMs: 10_000 },
  );
  return { answers: status === 0 && stdout.trim() !== "", said: lastLines(stderr, 1) };
}

/**
 * Makes sure that a Docker engine answers on this machine: as root on Debian and Ubuntu it is
 * installed and started if necessary.
 *
 * @throws Failure, one sentence, when that is not possible
 */
export async function ensureEngine(progress: Progress, cache: string): Promise<DockerEngine> {
  const first = await askEngine();
  if (first.answers) {
    return {};
  }
  if (/permission denied/i.test(first.said)) {
    throw new Failure(
      "The Docker engine runs, but this user may not use it.",
      'Run: sudo usermod -aG docker "$USER", log in again and run the command again.',
    );
  }
  if (process.env.DOCKER_HOST) {
    throw new Failure(
      `The Docker engine at DOCKER_HOST=${process.env.DOCKER_HOST} does not answer (${first.said}).`,
      "Start it, or run: unset DOCKER_HOST",
    );
  }
  if (findCommand("dockerd") === undefined) {
    if (!canInstall()) {
      throw new Failure(
        findCommand("docker") === undefined
          ? "There is no Docker engine on this machine."
          : `The Docker engine does not answer (${first.said}).`,
        "Install and start Docker (https://docs.docker.com/get-docker/), then run the command again.",
      );
    }
    progress.line(
      "There is no Docker engine on this machine: installing the package docker.io with apt-get (npm run setup does only that).",
    );
    await aptInstall(progress, ["docker.io"]);
  }
  return start(progress, cache);
}

async function start(progress: Progress, cache: string): Promise<DockerEngine> {
  if ((await askEngine()).answers) {
    return {};
  }
  if (process.getuid?.() !== 0) {
    throw new Failure(
      "The Docker engine is not running.",
      "Run: sudo systemctl start docker, then run the command again.",
    );
  }
  if (existsSync("/run/systemd/system")) {
    progress.line("Starting the Docker engine (systemctl start docker), because none answers.");
    await progress.during("starting the Docker engine", () =>
      must("Starting the Docker engine", "systemctl", ["start", "docker"]),
    );
    return waitUntilAnswers(progress, undefined, "journalctl -u docker");
  }
  const folder = join(cache, "docker");
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "dockerd.log");
  progress.line(`Starting the Docker engine (dockerd), because none answers; its log is ${log}`);
  removeStalePid("/var/run/docker.pid", (pid) => commandOf(pid) === "dockerd");
  return waitUntilAnswers(progress, startDaemon(log), log);
}

/**
 * Removes the process id file of a killed dockerd: if another process has that id now, a new
 * dockerd would refuse to start.
 *
 * @param isEngine whether the process with this id is a dockerd
 */
export function removeStalePid(file: string, isEngine: (pid: number) => boolean): void {
  if (existsSync(file) && !isEngine(Number(readFileSync(file, "utf8")))) {
    rmSync(file);
  }
}

function commandOf(pid: number): string | undefined {
  const file = `/proc/${pid}/comm`;
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** Starts dockerd so that it outlives this command. */
function startDaemon(log: string): number {
  const output = openSync(log, "w", 0o600);
  const daemon = spawn("dockerd", ["--host=unix:///var/run/docker.sock"], {
    detached: true,
    cwd: "/",
    env: withoutMarks(process.env),
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  daemon.on("error", () => undefined);
  daemon.unref();
  return daemon.pid ?? 0;
}

async function waitUntilAnswers(
  progress: Progress,
  pid: number | undefined,
  log: string,
): Promise<DockerEngine> {
  const answers = await progress.during("waiting for the Docker engine", async () => {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(500)) {
      if ((await askEngine()).answers) {
        return true;
      }
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
        return false;
      }
    }
    return false;
  });
  if (!answers) {
    const said = existsSync(log) ? lastLines(readFileSync(log, "utf8"), 5) : "";
    throw new Failure("The Docker engine did not start.", said === "" ? `See ${log}` : said);
  }
  return pid === undefined ? {} : { startedPid: pid };
}

const standardAddress = "unix:///var/run/docker.sock";

/**
 * The Docker engine's address, for programs that do not know Docker contexts.
 *
 * @returns undefined when they find it on their own
 */
export async function engineAddress(): Promise<string | undefined> {
  if (process.env.DOCKER_HOST && !process.env.DOCKER_CONTEXT) {
    return undefined;
  }
  const format = "{{.Endpoints.docker.Host}}";
  const { status, stdout } = await capture("docker", ["context", "inspect", "--format", format]);
  const address = stdout.trim();
  return status === 0 && address !== "" && address !== standardAddress ? address : undefined;
}
