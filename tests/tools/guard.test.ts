import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startedBy } from "../../tools/setup/guard";
import { isAlive, markers, markOf } from "../../tools/setup/runs";

const root = join(__dirname, "../..");

test("what a run started carries its mark", () => {
  const processes = [
    { pid: 10, owners: ["1:a"] },
    { pid: 11, owners: ["2:b"] },
    { pid: 12, owners: ["2:b", "1:a"] },
  ];
  expect(startedBy("1:a", processes)).toEqual([10, 12]);
});

/** A command that is guarded and has started a process in a group of its own, as Pulumi starts its plugins. */
const program = `
const { spawn } = require("node:child_process");
const { guard, endOwn } = require("./tools/setup/guard.ts");
const { markers, markOf } = require("./tools/setup/runs.ts");
process.env[markers.run] = markOf(process.pid);
guard();
const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
child.unref();
const started = () => console.log(child.pid);
process.on("SIGUSR1", () => endOwn().then(() => console.log("ended")));
setTimeout(started, 500);
setInterval(() => {}, 1000);
`;

/** Starts the command. @returns it, the mark of what it started, and what waits for its next line */
async function command() {
  const { [markers.run]: _run, [markers.test]: _test, ...env } = process.env;
  const loader = ["--require", "./components/runtime/typescript.cjs", "-e", program];
  const child = spawn(process.execPath, loader, {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = () =>
    new Promise<string>((resolve) =>
      child.stdout.once("data", (data) => resolve(`${data}`.trim())),
    );
  const mark = markOf(Number(await line()));
  return { child, mark, line };
}

async function ends(mark: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && isAlive(mark); attempt += 1) await sleep(100);
  return !isAlive(mark);
}

test.runIf(process.platform === "linux")(
  "what it started in other process groups ends after kill -9 of the command",
  async () => {
    const { child, mark } = await command();
    expect(isAlive(mark)).toBe(true);
    child.kill("SIGKILL");
    expect(await ends(mark)).toBe(true);
  },
);

test.runIf(process.platform === "linux")("and when the command ends its own", async () => {
  const { child, mark, line } = await command();
  const ended = line();
  child.kill("SIGUSR1");
  expect(await ended).toBe("ended");
  expect(isAlive(mark)).toBe(false);
  child.kill("SIGKILL");
});
