import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import ssh2 from "ssh2";
import type { Endpoint } from "../../components/engine/endpoints";
import { makeKeyPair } from "../../components/provider/key";

/** Key that every test host lets in. */
export const userKey = makeKeyPair();

/** A host for tests: a real sshd in this process, in front of a Docker engine that `answer` plays. */
export interface TestHost {
  readonly endpoint: Endpoint;
  /** Connections made to it so far. */
  readonly logins: () => number;
  stop(): void;
}

/** Starts a host. `accept` false logs in and then never opens a stream, like a machine that hangs. */
export async function startHost(
  name: string,
  answer: RequestListener,
  accept = true,
): Promise<TestHost> {
  const hostKey = makeKeyPair();
  const engine = createServer(answer);
  await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
  const enginePort = (engine.address() as AddressInfo).port;
  let logins = 0;
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
    clients.add(client);
    client.on("error", () => undefined);
    client.on("authentication", (attempt) => attempt.accept());
    client.on("ready", () => {
      logins += 1;
    });
    // It runs no command, and says which it was to run; `false` fails.
    client.on("session", (open) => {
      open().on("exec", (take, _, { command }) => {
        const stream = take();
        if (command === "false") stream.stderr.write("no such luck");
        else stream.write(`ran ${command}`);
        stream.exit(command === "false" ? 1 : 0);
        stream.end();
      });
    });
    client.on("tcpip", (open, refuse, { destIP, destPort }) => {
      const socket = connect(destPort, destIP);
      socket.once("error", () => refuse());
      socket.once("connect", () => {
        const stream = open();
        stream.on("error", () => socket.destroy());
        stream.pipe(socket).pipe(stream);
        socket.once("close", () => stream.end());
      });
    });
    client.on("openssh.streamlocal", (open) => {
      if (accept) {
        const stream = open();
        const socket = connect(enginePort, "127.0.0.1");
        socket.on("error", () => stream.destroy());
        stream.on("error", () => socket.destroy());
        stream.pipe(socket).pipe(stream);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { publicKey } = hostKey;
  const { privateKey } = userKey;
  const address = { name, host: "127.0.0.1", port, user: "root", role: "manager" } as const;
  return {
    endpoint: { ...address, hostKey: publicKey, privateKey },
    logins: () => logins,
    stop: () => {
      for (const client of clients) {
        client.end();
      }
      server.close();
      engine.closeAllConnections();
      engine.close();
    },
  };
}

/** A Docker engine whose /info says this about its swarm; other paths say the host's name. */
export function engineOf(name: string, swarm: object): RequestListener {
  return (request, response) => {
    const info = request.url?.startsWith("/info") === true;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(info ? { Name: name, Swarm: swarm } : { Version: name }));
  };
}
