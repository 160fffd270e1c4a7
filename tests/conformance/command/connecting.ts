import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { declare, type Subject, useBench } from "../bench";
import { Sandbox } from "../sandbox";
import { freePort, makeKey, startSshd } from "../sshd";

/** Which machines are dialed, how often, and which are refused. */
export function connecting(subject: Subject): void {
  describe("dialling", () => {
    const bench = useBench(subject);

    test("refuses a machine with another host key", async () => {
      const impostor = await startSshd();
      try {
        const connection = bench.connection({ hostKey: impostor.hostKey });
        const outcome = await bench.box.tryUp(() =>
          declare({ create: `echo ran >> ${bench.logFile}`, connection }),
        );
        expect(outcome.failed).toBe(true);
        expect(outcome.shown).toContain("ssh: host key mismatch");
        expect(bench.log()).toEqual([]);
      } finally {
        await impostor.remove();
      }
    });

    test("takes any host key when none is given", async () => {
      const connection = bench.connection({ hostKey: undefined });
      const outcome = await bench.box.up(() => declare({ create: "true", connection }));
      expect(outcome.changes).toEqual({ create: 2 });
    });

    test("gives up after dialErrorLimit failures", async () => {
      const connection = bench.connection({ port: await freePort(), dialErrorLimit: 2 });
      const outcome = await bench.box.tryUp(() => declare({ create: "true", connection }));
      expect(outcome.failed).toBe(true);
      expect(outcome.shown).toContain("after 2 failed attempts: dial tcp");
    });

    test("waits for a machine that comes up later", async () => {
      await bench.sshd.stop();
      const connection = bench.connection({ dialErrorLimit: 30 });
      const later = new Promise<void>((resolve, reject) => {
        setTimeout(() => bench.sshd.start().then(resolve, reject), 3000);
      });
      const outcome = await bench.box.up(() => declare({ create: "echo up", connection }));
      await later;
      expect(outcome.changes).toEqual({ create: 2 });
    });

    test("fails to delete on a machine that is gone, and deletes when it is back", async () => {
      const gone = `echo delete >> ${bench.logFile}`;
      await bench.box.up(() => declare({ delete: gone, connection: bench.connection() }));
      await bench.sshd.stop();
      const outcome = await bench.box.tryDestroy();
      await bench.sshd.start();
      expect(outcome.failed).toBe(true);
      expect(outcome.shown).toContain("after 3 failed attempts: dial tcp");
      await bench.box.destroy();
      expect(bench.log()).toEqual(["delete"]);
    });

    test("goes through a proxy", async () => {
      const target = await startSshd();
      try {
        const { host, port, hostKey, privateKey } = target;
        const connection = bench.connection({ host, port, hostKey, privateKey });
        const proxy = bench.connection();
        const outcome = await bench.box.up(() => {
          const create = "set -- $SSH_CONNECTION; echo $4";
          return { stdout: declare({ create, connection: { ...connection, proxy } }).stdout };
        });
        expect(outcome.outputs).toEqual({ stdout: String(port) });
      } finally {
        await target.remove();
      }
    });
  });
}

/** What logs in: a private key, an encrypted one, an agent. */
export function loggingIn(subject: Subject): void {
  describe("logging in", () => {
    const bench = useBench(subject);

    test("opens a private key with its password", async () => {
      const file = join(bench.box.folder, "locked");
      makeKey(file, "open sesame");
      const target = await startSshd([`AuthorizedKeysFile ${file}.pub`]);
      try {
        const { port, hostKey } = target;
        const privateKey = readFileSync(file, "utf8");
        const changes = { port, hostKey, privateKey, privateKeyPassword: "open sesame" };
        const connection = bench.connection(changes);
        const outcome = await bench.box.up(() => declare({ create: "true", connection }));
        expect(outcome.changes).toEqual({ create: 2 });
      } finally {
        await target.remove();
      }
    });

    test("uses the agent at agentSocketPath", async () => {
      const socket = join(bench.box.folder, "agent");
      const said = execFileSync("ssh-agent", ["-s", "-a", socket], { encoding: "utf8" });
      const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
      try {
        const env = { ...process.env, SSH_AUTH_SOCK: socket };
        execFileSync("ssh-add", ["-q", bench.sshd.keyFile], { env });
        const changes = { privateKey: undefined, agentSocketPath: socket };
        const connection = bench.connection(changes);
        const outcome = await bench.box.up(() => declare({ create: "true", connection }));
        expect(outcome.changes).toEqual({ create: 2 });
      } finally {
        process.kill(pid);
      }
    });

    test("fails when SSH_AUTH_SOCK names no agent, although there is a private key", async () => {
      const env = { SSH_AUTH_SOCK: join(bench.box.folder, "nobody") };
      const box = await Sandbox.open(subject.pulumi, subject.plugin, env);
      try {
        const connection = bench.connection();
        const outcome = await box.tryUp(() => declare({ create: "true", connection }));
        expect(outcome.failed).toBe(true);
        expect(outcome.shown).toContain("dial unix");
      } finally {
        box.close();
      }
    });
  });
}
