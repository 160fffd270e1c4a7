import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { describe, expect, test } from "vitest";
import { call, PROGRAM, start } from "./provider-process";

/** True while the process runs; one that only waits to be buried does not. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits for a condition; after so long it hangs. */
async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not so after 20 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("the provider's process", { timeout: 30_000 }, () => {
  test.each(["SIGTERM", "SIGINT"] as const)("ends with code 0 on %s", async (signal) => {
    const { process: child, client } = await start();
    client.close();
    const ended = once(child, "exit");
    child.kill(signal);
    await until(() => child.exitCode !== null);
    expect(await ended).toEqual([0, null]);
  });

  test("answers a cancel and ends", async () => {
    const { process: child, client } = await start();
    await call(client.cancel.bind(client), new Empty());
    client.close();
    await until(() => child.exitCode !== null);
    expect(child.exitCode).toBe(0);
  });

  test("ends when the process that started it is killed", async () => {
    const script = `"${PROGRAM}" & echo $!; wait`;
    const parent = spawn("bash", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    parent.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    await until(() => output.trim().split("\n").length === 2);
    const pid = Number(output.split("\n")[0]);
    expect(runs(pid)).toBe(true);
    parent.kill("SIGKILL");
    await until(() => !runs(pid));
  });

  test("says npm ci when its modules are missing", async () => {
    const clone = await mkdtemp(join(tmpdir(), "swarmyard-clone-"));
    try {
      const program = join(clone, "components/provider/bin/pulumi-resource-swarm");
      await cp(PROGRAM, program);
      const child = spawn(program, [], { stdio: ["ignore", "ignore", "pipe"] });
      let complaint = "";
      child.stderr.on("data", (chunk: Buffer) => {
        complaint += chunk.toString();
      });
      expect(await once(child, "close")).toEqual([1, null]);
      expect(complaint.trim()).toContain(`run npm ci in ${clone}`);
    } finally {
      await rm(clone, { recursive: true });
    }
  });
});
