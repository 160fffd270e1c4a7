import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { type Bench, declare, type Subject, useBench } from "../bench";
import { descendants, eventually, isRunning } from "../processes";

/**
 * What only the stand-in promises: it never outlives the engine, and a cancelled command ends. The
 * plugin that it stands in for lets a command run to its end.
 */
export function leaving(subject: Subject): void {
  describe("a command that is no longer wanted", () => {
    const bench = useBench(subject);
    // timeout moves what it starts to a process group of its own.
    const create = () =>
      `timeout 100 sh -c 'echo $$ >> ${bench.logFile}; exec sleep 60'; echo over`;

    it("ends soon after the run is interrupted", async () => {
      const stop = new AbortController();
      const running = bench.box.tryUp(
        () => declare({ create: create(), connection: bench.connection() }),
        { signal: stop.signal },
      );
      const remote = await started(bench);
      const began = Date.now();
      stop.abort();
      expect((await running).failed).toBe(true);
      expect(Date.now() - began).toBeLessThan(10_000);
      await eventually("the remote command ends", 3, () => !isRunning(remote));
    });

    it("ends with the plugin when the engine is killed", async () => {
      const before = new Set(descendants(process.pid).map((one) => one.pid));
      const running = bench.box.tryUp(() =>
        declare({ create: create(), connection: bench.connection() }),
      );
      const remote = await started(bench);
      const own = descendants(process.pid).filter((one) => !before.has(one.pid));
      const engine = own.find((one) => one.name === "pulumi");
      const plugin = own.find((one) => one.name.startsWith("pulumi-resource"));
      expect([engine, plugin]).not.toContain(undefined);
      process.kill(engine?.pid ?? 0, "SIGKILL");
      await eventually("the plugin ends", 3, () => !isRunning(plugin?.pid ?? 0));
      await eventually("the remote command ends", 3, () => !isRunning(remote));
      expect((await running).failed).toBe(true);
    });

    it("ends when the time of its resource is over", async () => {
      const began = Date.now();
      const outcome = await bench.box.tryUp(() =>
        declare(
          { create: create(), connection: bench.connection() },
          { customTimeouts: { create: "2s" } },
        ),
      );
      expect(outcome.failed).toBe(true);
      expect(outcome.shown).toContain("deadline exceeded");
      expect(Date.now() - began).toBeLessThan(20_000);
      await eventually("the remote command ends", 3, () => !isRunning(Number(bench.log()[0])));
    });
  });

  describe("a machine that accepts and stays silent", () => {
    const bench = useBench(subject);

    it("is given up after perDialTimeout", async () => {
      const silent = createServer(() => undefined);
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      try {
        const address = silent.address();
        const port = typeof address === "object" ? address?.port : undefined;
        const connection = bench.connection({ port, perDialTimeout: 1, dialErrorLimit: 1 });
        const outcome = await bench.box.tryUp(() => declare({ create: "true", connection }));
        expect(outcome.shown).toContain("no SSH login within 1s");
      } finally {
        silent.close();
      }
    });
  });
}

/** Waits for the command to run; returns its process. */
async function started(bench: Bench): Promise<number> {
  await eventually("the remote command starts", 60, () => bench.log().length > 0);
  return Number(bench.log()[0]);
}
