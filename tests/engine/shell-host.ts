import { spawn } from "node:child_process";
import type { AddressInfo, Server } from "node:net";
import ssh2 from "ssh2";
import type { Connection } from "../../components/engine/login";
import { makeKeyPair } from "../../components/provider/key";

/** A machine for tests: an sshd in this process that runs commands here, as this user. */
export interface ShellHost {
  readonly connection: Connection;
  readonly hostKey: string;
  /** Connections made to it so far. */
  readonly logins: () => number;
  /** Connections that are open. */
  readonly open: () => number;
  /** From now on nobody is let in. */
  stop(): void;
}

const user = makeKeyPair();

/** Starts one. `program` runs a command; by default it is the shell. */
export async function startShell(
  program: (command: string) => readonly [string, ...string[]] = (command) => ["sh", "-c", command],
): Promise<ShellHost> {
  const key = makeKeyPair();
  let logins = 0;
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [key.privateKey] }, (client) => {
    clients.add(client);
    client.on("error", () => undefined);
    client.on("close", () => clients.delete(client));
    client.on("authentication", (attempt) => attempt.accept());
    client.on("ready", () => {
      logins += 1;
      client.on("session", (accept) =>
        accept().on("exec", (answer, _, info) => run(answer(), info)),
      );
    });
  });
  const run = (stream: ssh2.ServerChannel, { command }: ssh2.ExecInfo) => {
    const [file, ...args] = program(command);
    const child = spawn(file, args, { stdio: "pipe" });
    child.stdin.on("error", () => undefined);
    stream.pipe(child.stdin);
    child.stdout.pipe(stream, { end: false });
    child.stderr.pipe(stream.stderr, { end: false });
    child.on("close", (status) => {
      stream.exit(status ?? 1);
      stream.end();
    });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = (server as unknown as Server).address() as AddressInfo;
  return {
    // The user's name only says whether sudo is needed.
    connection: { host: "127.0.0.1", port, user: "root", privateKey: user.privateKey },
    hostKey: key.publicKey,
    logins: () => logins,
    open: () => clients.size,
    stop: () => {
      for (const client of clients) client.end();
      server.close();
    },
  };
}
