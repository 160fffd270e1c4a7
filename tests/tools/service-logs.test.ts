import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { forgotTask, printLogs, printsLogs } from "../../tools/report/service-logs";

const GONE =
  "error from daemon in stream: Error grabbing logs: rpc error: code = Unknown desc = task t1x not found";

test.each([
  ["service logs web", true],
  ["service logs --tail 20 web", true],
  ["service logs -f web", false],
  ["service logs -tf web", false],
  ["service logs --follow web", false],
  ["service ps web", false],
  ["logs web", false],
])("%s ends with the logs that a service has: %s", (line, ends) => {
  expect(printsLogs(line.split(" "))).toBe(ends);
});

test("a task that was forgotten is not confused with a service that does not exist", () => {
  expect(forgotTask(GONE)).toBe(true);
  expect(forgotTask("Error: No such task: t1x")).toBe(true);
  expect(forgotTask("no such task or service: web")).toBe(false);
  expect(forgotTask("Error grabbing logs: node n1 is not available")).toBe(false);
});

/** Prints logs with a command whose runs print and end as stated, the last one again and again. */
async function printed(...runs: readonly (readonly [out: string, err: string, status: number])[]) {
  const folder = mkdtempSync(join(tmpdir(), "logs-"));
  const to = { stdout: new PassThrough(), stderr: new PassThrough() };
  let count = 0;
  const run = async ({ stdout, stderr }: { readonly stdout: number; readonly stderr: number }) => {
    const [out, err, status] = runs[Math.min(count, runs.length - 1)] ?? ["", "", 9];
    count += 1;
    const script = 'printf %s "$1"; printf %s "$2" >&2; exit "$3"';
    const stdio: ["ignore", number, number] = ["ignore", stdout, stderr];
    return spawnSync("sh", ["-c", script, "sh", out, err, `${status}`], { stdio }).status ?? 9;
  };
  const status = await printLogs(run, folder, to);
  rmSync(folder, { recursive: true });
  return { status, count, out: to.stdout.read()?.toString(), err: to.stderr.read()?.toString() };
}

test("logs are asked for again when a task was forgotten, and printed once", async () => {
  expect(await printed(["half", GONE, 1], ["", GONE, 1], ["one\ntwo\n", "note", 0])).toEqual({
    status: 0,
    count: 3,
    out: "one\ntwo\n",
    err: "note",
  });
});

test("another failure is printed at once, and one that stays after five tries", async () => {
  const none = "no such task or service: web";
  expect(await printed(["", none, 1])).toMatchObject({ status: 1, count: 1, err: none });
  expect(await printed(["half", GONE, 1])).toEqual({ status: 1, count: 5, out: "half", err: GONE });
});
