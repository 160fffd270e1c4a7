import { remote } from "@pulumi/command";
import { describe, expect, test } from "vitest";
import { declare, reach, type Subject, useBench } from "../bench";
import { startSshd } from "../sshd";

/** When a remote command runs which of its three texts. */
export function lifecycle(subject: Subject): void {
  describe("create, update and delete", () => {
    const bench = useBench(subject);
    const texts = () => ({
      create: `echo create >> ${bench.logFile}; echo made`,
      update: `echo update >> ${bench.logFile}; echo changed`,
      delete: `echo delete >> ${bench.logFile}`,
    });

    test("run once each, and a second run changes nothing", async () => {
      const program = () => {
        const command = declare({ ...texts(), connection: bench.connection() });
        return { stdout: command.stdout };
      };
      const first = await bench.box.up(program);
      expect(first.outputs).toEqual({ stdout: "made" });
      expect(await bench.box.preview(program)).toEqual({ same: 2 });
      expect((await bench.box.refresh()).changes).toEqual({ same: 2 });
      expect(await bench.box.preview(program)).toEqual({ same: 2 });
      expect(bench.log()).toEqual(["create"]);

      await bench.box.destroy();
      expect(bench.log()).toEqual(["create", "delete"]);
    });

    test("runs update when any input changes, even one that only concerns logging", async () => {
      const connection = bench.connection();
      await bench.box.up(() => declare({ ...texts(), connection }));
      const second = await bench.box.up(() => {
        const command = declare({ ...texts(), connection, logging: "none" });
        return { stdout: command.stdout };
      });
      expect(second.changes).toMatchObject({ update: 1 });
      expect(second.outputs).toEqual({ stdout: "changed" });
      const patient = bench.connection({ dialErrorLimit: 4 });
      await bench.box.up(() => declare({ ...texts(), connection: patient, logging: "none" }));
      expect(bench.log()).toEqual(["create", "update", "update"]);
    });

    test("runs create again on a change when there is no update", async () => {
      const { create } = texts();
      const connection = bench.connection();
      await bench.box.up(() => declare({ create, connection }));
      await bench.box.up(() => declare({ create, connection, delete: "true" }));
      expect(bench.log()).toEqual(["create", "create"]);
    });
  });
}

/** What a preview and a failure leave. */
export function promises(subject: Subject): void {
  describe("previews and failures", () => {
    const bench = useBench(subject);
    const create = () => `echo create >> ${bench.logFile}`;

    test("make every output unknown in a preview when any input changes", async () => {
      const chained = (deletion: string) => () => {
        const connection = bench.connection();
        const first = declare({ create: create(), update: "true", delete: deletion, connection });
        new remote.Command("next", { create: create(), triggers: [first.stdout], connection });
      };
      await bench.box.up(chained("true"));
      const summary = await bench.box.preview(chained("true; true"));
      expect(summary).toMatchObject({ update: 1, replace: 1 });
      const outcome = await bench.box.up(chained("true; true"));
      expect(outcome.changes).toEqual({ update: 1, same: 2 });
      expect(bench.log()).toEqual(["create", "create"]);
    });

    test("keep nothing of a failed create, so that the next run creates again", async () => {
      const connection = bench.connection();
      const failing = `echo create >> ${bench.logFile}; echo said; echo complained >&2; exit 7`;
      const first = await bench.box.tryUp(() =>
        declare({ create: failing, connection, logging: "none" }),
      );
      expect(first.failed).toBe(true);
      // Also with logging off: whoever writes the command must keep secrets out of it.
      expect(first.shown).toContain("said");
      expect(first.shown).toContain("complained");
      expect(first.shown).toContain("exit 7");
      expect(await bench.box.kept()).toEqual([]);

      await bench.box.up(() => declare({ create: create(), connection }));
      expect(bench.log()).toEqual(["create", "create"]);
    });
  });
}

/** What a replacement runs, where and in which order. */
export function replacement(subject: Subject): void {
  describe("triggers", () => {
    const bench = useBench(subject);
    const args = (trigger: unknown) => ({
      create: `echo create ${trigger} >> ${bench.logFile}`,
      update: `echo update >> ${bench.logFile}`,
      delete: `echo delete ${trigger} >> ${bench.logFile}`,
      triggers: [trigger],
      connection: bench.connection(),
    });

    test("replace although there is an update, create before delete", async () => {
      await bench.box.up(() => declare(args("a")));
      const second = await bench.box.up(() => declare(args("b")));
      expect(second.changes).toMatchObject({ replace: 1 });
      expect(bench.log()).toEqual(["create a", "create b", "delete a"]);
    });

    test("replace when they are given for the first time and when they are taken away", async () => {
      const { triggers, ...without } = args("a");
      await bench.box.up(() => declare(without));
      expect(await bench.box.preview(() => declare({ ...without, triggers }))).toMatchObject({
        replace: 1,
      });
      await bench.box.up(() => declare({ ...without, triggers }));
      expect(await bench.box.preview(() => declare(without))).toMatchObject({ replace: 1 });
    });

    test("delete first with deleteBeforeReplace", async () => {
      const options = { deleteBeforeReplace: true };
      await bench.box.up(() => declare(args("a"), options));
      await bench.box.up(() => declare(args("b"), options));
      expect(bench.log()).toEqual(["create a", "delete a", "create b"]);
    });

    test("delete the old one where the state says it is", async () => {
      const other = await startSshd();
      try {
        const where = "set -- $SSH_CONNECTION; echo";
        const on = (sshd: typeof other) => ({
          create: `${where} create $4 >> ${bench.logFile}`,
          delete: `${where} delete $4 >> ${bench.logFile}`,
          triggers: [sshd.port],
          connection: reach(sshd),
        });
        await bench.box.up(() => declare(on(bench.sshd)));
        await bench.box.up(() => declare(on(other)));
        const [before, after] = [bench.sshd.port, other.port];
        expect(bench.log()).toEqual([`create ${before}`, `create ${after}`, `delete ${before}`]);
      } finally {
        await other.remove();
      }
    });
  });
}
