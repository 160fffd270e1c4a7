import { local } from "@pulumi/command";
import { describe, expect, test } from "vitest";
import { type Subject, useBench } from "../bench";

/** The same for commands on the machine of the Pulumi engine. */
export function onThisMachine(subject: Subject): void {
  describe("local.Command", () => {
    const bench = useBench(subject);

    test("runs create, update and delete, and create before delete on a trigger", async () => {
      const args = (trigger: string) => ({
        create: `echo create ${trigger} >> ${bench.logFile}`,
        delete: `echo delete ${trigger} >> ${bench.logFile}`,
        triggers: [trigger],
      });
      const update = `echo update >> ${bench.logFile}`;
      await bench.box.up(() => new local.Command("c", { ...args("a"), update }));
      await bench.box.up(() => new local.Command("c", { ...args("a"), update: `${update}; true` }));
      await bench.box.up(() => new local.Command("c", { ...args("b"), update }));
      await bench.box.destroy();
      expect(bench.log()).toEqual(["create a", "update", "create b", "delete a", "delete b"]);
    });

    test("takes stdin, environment, folder and interpreter", async () => {
      const outcome = await bench.box.up(() => {
        const command = new local.Command("c", {
          create: 'read -r word; echo "$word $COLOUR $PWD $0"; echo err >&2',
          stdin: "hello",
          environment: { COLOUR: "blue" },
          dir: "/usr",
          interpreter: ["/bin/bash", "-c"],
        });
        return { stdout: command.stdout, stderr: command.stderr };
      });
      expect(outcome.outputs).toEqual({ stdout: "hello blue /usr /bin/bash", stderr: "err" });
    });

    test("gives a command what the last one printed", async () => {
      const program = (update: string) => () => {
        const command = new local.Command("c", { create: "echo one", update });
        return { stdout: command.stdout };
      };
      await bench.box.up(program("true"));
      const second = await bench.box.up(program("echo after $PULUMI_COMMAND_STDOUT"));
      expect(second.outputs).toEqual({ stdout: "after one" });
    });
  });
}
