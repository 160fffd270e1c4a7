import { describe, expect, test } from "vitest";
import { declare, type Subject, useBench } from "../bench";

/** What a command is given. */
export function given(subject: Subject): void {
  describe("stdin and environment", () => {
    const bench = useBench(subject);

    test("gives stdin to create, update and delete alike", async () => {
      const text = (what: string) => `read -r word; echo ${what} $word >> ${bench.logFile}`;
      const args = (stdin: string) => ({
        create: text("create"),
        update: text("update"),
        delete: text("delete"),
        stdin,
        connection: bench.connection(),
      });
      await bench.box.up(() => declare(args("one")));
      await bench.box.up(() => declare(args("two")));
      await bench.box.destroy();
      expect(bench.log()).toEqual(["create one", "update two", "delete two"]);
    });

    test("fails with environment when the server does not accept it", async () => {
      const environment = { COLOUR: "blue" };
      const outcome = await bench.box.tryUp(() =>
        declare({
          create: `echo ran >> ${bench.logFile}`,
          environment,
          connection: bench.connection(),
        }),
      );
      expect(outcome.failed).toBe(true);
      expect(outcome.shown).toContain("AcceptEnv");
      expect(outcome.shown).toContain("COLOUR");
      expect(bench.log()).toEqual([]);
    });

    test("only warns when the last output is not accepted, unless it is not to be passed", async () => {
      const connection = bench.connection();
      const args = { create: "echo out", update: "true", connection };
      await bench.box.up(() => declare({ ...args, addPreviousOutputInEnv: true }));
      const loud = await bench.box.up(() =>
        declare({ ...args, update: "echo still", addPreviousOutputInEnv: true }),
      );
      expect(loud.shown).toContain("Unable to set 'PULUMI_COMMAND_STDOUT'");
      const quiet = await bench.box.up(() => declare(args));
      expect(quiet.shown).not.toContain("Unable to set");
    });
  });

  describe("environment that the server accepts", () => {
    const bench = useBench(subject, ["AcceptEnv COLOUR PULUMI_COMMAND_*"]);

    test("reaches the command, and so does what the last one printed", async () => {
      const connection = bench.connection();
      const update = "echo $COLOUR $PULUMI_COMMAND_STDOUT $PULUMI_COMMAND_STDERR";
      const program = (environment: Record<string, string>) => () => {
        const create = "echo $COLOUR; echo oops >&2";
        const args = { create, update, environment, connection, addPreviousOutputInEnv: true };
        return { stdout: declare(args).stdout };
      };
      const first = await bench.box.up(program({ COLOUR: "blue" }));
      expect(first.outputs).toEqual({ stdout: "blue" });
      const second = await bench.box.up(program({ COLOUR: "red" }));
      expect(second.outputs).toEqual({ stdout: "red blue oops" });
    });
  });
}

/** What becomes of what a command prints. */
export function printed(subject: Subject): void {
  describe("stdout and stderr", () => {
    const bench = useBench(subject);
    const create = "printf ' out\\n\\n'; echo err >&2";

    test("are outputs without their last line break", async () => {
      const outcome = await bench.box.up(() => {
        const { stdout, stderr } = declare({ create, connection: bench.connection() });
        return { stdout, stderr };
      });
      expect(outcome.outputs).toEqual({ stdout: " out\n", stderr: "err" });
    });

    test.each([
      [undefined, true, true],
      ["stdoutAndStderr", true, true],
      ["stdout", true, false],
      ["stderr", false, true],
      ["none", false, false],
    ] as const)("are shown as logging %s says", async (logging, stdout, stderr) => {
      const show = "echo aa-$((40+2))-aa; echo bb-$((40+2))-bb >&2; sleep 1";
      const connection = bench.connection();
      const outcome = await bench.box.up(() => declare({ create: show, logging, connection }));
      expect(outcome.shown.includes("aa-42-aa")).toBe(stdout);
      expect(outcome.shown.includes("bb-42-bb")).toBe(stderr);
    });

    test("are in clear in the state, even with a secret stdin", async () => {
      const { secret } = await import("@pulumi/pulumi");
      const stdin = secret("hidden-value");
      await bench.box.up(() => {
        declare({ create: "cat", stdin, connection: bench.connection() });
      });
      const [kept] = await bench.box.kept();
      expect(kept?.outputs.stdout).toBe("hidden-value");
      expect(kept?.outputs.stdin).not.toBe("hidden-value");
      expect(bench.box.stored()).toContain("hidden-value");
    });

    test("stay secret with additionalSecretOutputs and logging none", async () => {
      const options = { additionalSecretOutputs: ["stdout", "stderr"] };
      const outcome = await bench.box.up(() => {
        const make = "echo token-$((40+2)); echo token-$((40+3)) >&2";
        const args = { create: make, connection: bench.connection(), logging: "none" as const };
        const command = declare(args, options);
        return { token: command.stdout };
      });
      expect(outcome.outputs).toEqual({ token: "token-42" });
      expect(outcome.shown).not.toMatch(/token-4[23]/);
      expect(bench.box.stored()).toContain("echo token-");
      expect(bench.box.stored()).not.toMatch(/token-4[23]/);
    });

    test("leave no key and no password of the connection in the state", async () => {
      await bench.box.up(() => declare({ create: "true", connection: bench.connection() }));
      expect(bench.box.stored()).toContain("command:remote:Command");
      expect(bench.box.stored()).not.toContain("PRIVATE KEY");
    });
  });
}
