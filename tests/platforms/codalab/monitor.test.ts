import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const monitor = resolve(__dirname, "../../../platforms/codalab/stand-ins/server/monitor.py");

/** Runs the stand-in until it would sleep, without a database and without Docker's folder. */
const PROGRAM = `
import runpy, shutil, subprocess, sys, time
from types import SimpleNamespace
subprocess.run = lambda *_, **__: SimpleNamespace(stdout=b"dump")
shutil.disk_usage = lambda path: SimpleNamespace(free=1 << 30)
time.sleep = lambda seconds: sys.exit(0)
path, *rest = sys.argv[1:]
sys.argv = [path, *rest]
runpy.run_path(path, run_name="__main__")
`;

function report(workers: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "monitor-"));
  const names = ["HOST", "PORT", "USERNAME", "PASSWORD", "DATABASE"];
  const env = {
    PATH: process.env.PATH,
    HOSTNAME: "node",
    CODALAB_PUBLIC_WORKERS: workers,
    CODALAB_ADMIN_EMAIL: "",
    CODALAB_EMAIL_USERNAME: "",
    ...Object.fromEntries(names.map((name) => [`CODALAB_MYSQL_${name}`, "x"])),
  };
  const log = join(folder, "monitor.log");
  const options = ["--log-path", log, "--backup-path", join(folder, "backup")];
  const { status, stderr } = spawnSync("python3", ["-c", PROGRAM, monitor, ...options], {
    env,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  const last = readFileSync(log, "utf8").trim().split("\n").at(-1);
  rmSync(folder, { recursive: true });
  return last;
}

test.each([
  ["", "no workers to watch"],
  [" , ", "no workers to watch"],
  ["worker-0, worker-1,", "workers worker-0,worker-1"],
])("of %j the stand-in watches what the real monitor does", (workers, line) => {
  expect(report(workers)).toBe(line);
});
