import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = "/usr/sbin/sshd";

/** Why no SSH server can be started here, or nothing when one can. */
export function sshdProblem(): string | undefined {
  if (!existsSync(program)) {
    return `there is no ${program}: install openssh-server`;
  }
  return process.getuid?.() === 0 ? undefined : "sshd has to be started as root";
}

/** A running SSH server that lets in one key as root. */
export interface Sshd {
  readonly host: string;
  readonly port: number;
  /** Its public key, as the input `hostKey` takes it. */
  readonly hostKey: string;
  /** The text of the private key that may log in. */
  readonly privateKey: string;
  /** The file of that key. */
  readonly keyFile: string;
  /** Ends it and every session; `start` makes it come back at the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts an SSH server of its own on a free port of 127.0.0.1; `lines` of configuration win. */
export async function startSshd(lines: readonly string[] = []): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), "conformance-sshd-"));
  const port = await freePort();
  makeKey(join(folder, "host"));
  makeKey(join(folder, "user"));
  writeFileSync(join(folder, "config"), configuration(folder, port, lines));
  // sshd refuses to start without the folder that it confines its unprivileged half to.
  mkdirSync("/run/sshd", { recursive: true });
  let running: ChildProcess | undefined;
  const server: Sshd = {
    host: "127.0.0.1",
    port,
    hostKey: readFileSync(join(folder, "host.pub"), "utf8").trim(),
    privateKey: readFileSync(join(folder, "user"), "utf8"),
    keyFile: join(folder, "user"),
    async start() {
      running = spawn(program, ["-D", "-e", "-f", join(folder, "config")], { stdio: "ignore" });
      await answering(port, running);
    },
    async stop() {
      const ending = running;
      running = undefined;
      if (ending !== undefined && ending.exitCode === null) {
        const ended = new Promise((resolve) => ending.once("exit", resolve));
        ending.kill("SIGTERM");
        await ended;
      }
    },
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

function configuration(folder: string, port: number, lines: readonly string[]): string {
  return [
    // Of a keyword that is given twice sshd takes the first.
    ...lines,
    "ListenAddress 127.0.0.1",
    `Port ${port}`,
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "user.pub")}`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "MaxStartups 100:30:200",
    "Subsystem sftp internal-sftp",
    "",
  ].join("\n");
}

/** Makes an ed25519 key pair, with a password when one is given. */
export function makeKey(file: string, password = ""): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", password, "-C", "", "-f", file]);
}

/** A port of 127.0.0.1 on which nothing listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

async function answering(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) {
      throw new Error(`sshd ended with code ${server.exitCode}`);
    }
    if (await accepts(port)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not answer on port ${port}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
