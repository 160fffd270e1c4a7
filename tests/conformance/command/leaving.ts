import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Bench, declare, type Subject, useBench } from "../bench";
import { commandOf, descendants, eventually, isRunning } from "../processes";

/**
 * What only the stand-in promises: an interrupted run does not wait for its commands, and the
 * plugin does not outlive the Pulumi engine. The official plugin waits for every command.
 */
export function leaving(subject: Subject): void {
  describe("a command that is no longer wanted", () => {
    const bench = useBench(subject);
    const create = () => `echo $$ >> ${bench.logFile}; exec sleep 60`;
    // A command of root's is not ended by the plugin; what this suite started it stops itself.
    afterEach(() => bench.log().map(Number).forEach(endSleep));

    test("does not hold up a run that is interrupted", async () => {
      const stop = new AbortController();
      const program = () => declare({ create: create(), connection: bench.connection() });
      const running = bench.box.tryUp(program, { signal: stop.signal });
      await started(bench);
      const began = Date.now();
      stop.abort();
      expect((await running).failed).toBe(true);
      expect(Date.now() - began).toBeLessThan(10_000);
    });

    test("does not hold up the plugin when the Pulumi engine is killed", async () => {
      const before = new Set(descendants(process.pid).map((one) => one.pid));
      const program = () => declare({ create: create(), connection: bench.connection() });
      const running = bench.box.tryUp(program);
      await started(bench);
      const own = descendants(process.pid).filter((one) => !before.has(one.pid));
      const engine = only(own.filter((one) => one.name === "pulumi"));
      const plugin = only(own.filter((one) => one.name === "pulumi-resource"));
      process.kill(engine.pid, "SIGKILL");
      await eventually("the plugin ends", 3, () => !isRunning(plugin.pid));
      expect((await running).failed).toBe(true);
    });

    test("is given up when its resource's time is up", async () => {
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
    });
  });

  describe("a machine that accepts and stays silent", () => {
    const bench = useBench(subject);

    test("is given up after perDialTimeout", async () => {
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

/** Waits for the command to run. */
function started(bench: Bench): Promise<void> {
  return eventually("the remote command starts", 60, () => bench.log().length > 0);
}

/** The one element of a list; a test must never signal a process that it only believes to know. */
function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length > 1) {
    throw new Error(`expected one process, found ${list.length}`);
  }
  return first;
}

/** Ends a `sleep 60` of this suite, if its process is still that. */
function endSleep(pid: number): void {
  if (pid > 1 && commandOf(pid) === "sleep 60") {
    process.kill(pid, "SIGTERM");
  }
}
