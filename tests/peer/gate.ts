import { connect, createServer, type Server, type Socket } from "node:net";

/** A socket in front of a Docker engine's, which can let nothing through but the first greeting. */
export class Gate {
  /** False: whoever asks for more than `/_ping` is cut off, as by a manager that went away meanwhile. */
  public open = true;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** Listens at `path` for the Docker engine at `engine`. */
  static async at(path: string, engine: string): Promise<Gate> {
    const server = createServer();
    const gate = new Gate(server);
    server.on("connection", (socket) => gate.pass(socket, engine));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return gate;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(client: Socket, path: string): void {
    const engine = connect(path);
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.sockets.add(one);
      one.on("error", () => other.destroy());
      one.once("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    client.on("data", (data) => {
      const isGreeting = /^(GET|HEAD) \S*\/_ping /.test(data.toString("latin1"));
      if (this.open || isGreeting) engine.write(data);
      else client.destroy();
    });
    engine.pipe(client);
  }
}
