import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { executed, type Input, outcomeOf, type Ran } from "./command";
import { within } from "./deadline";
import { DIAL_TIMEOUT_MS, type Dialed, dial } from "./dial";
import type { Endpoint } from "./endpoints";
import { cause } from "./errors";
import { type Connection, pinned } from "./login";
import { rootStream } from "./root-shell";

/** How long a connection from a host, or a command on it, may take. */
const PATIENCE_MS = 5_000;

/** By default sshd allows 10 sessions per connection; some are left for others. */
const MAX_SESSIONS = 6;

type Way = "forward" | "session" | "sudo";

/**
 * One SSH connection to a machine, opened when first needed and reopened after it broke. The host keys that it saw
 * first are those that it asks for from then on.
 */
export class HostConnection<C extends Connection = Endpoint> {
  private dialed: Promise<Dialed> | undefined;
  private way: Way | undefined;
  private sessions = 0;
  private readonly waiting: (() => void)[] = [];
  private seen: Pick<Dialed, "hostKey" | "hopKeys"> | undefined;

  constructor(readonly endpoint: C) {}

  /** A stream to the host's Docker engine. */
  async open(): Promise<Duplex> {
    const client = await this.connected();
    let answered = false;
    const stream = this.openAnyWay(client).finally(() => {
      answered = true;
    });
    try {
      return await within(
        stream,
        DIAL_TIMEOUT_MS,
        "opening a stream to the Docker engine took too long",
      );
    } finally {
      if (!answered) {
        this.drop(client);
      }
    }
  }

  /** A TCP connection that the host opens. @throws when it is refused or takes too long */
  async dial(address: string, port: number): Promise<Duplex> {
    const client = await this.connected();
    let over = false;
    const opened = new Promise<Duplex>((resolve, reject) => {
      client.forwardOut("127.0.0.1", 0, address, port, (error, stream) => {
        if (error) reject(refusal(error));
        else if (over) stream.destroy();
        else resolve(stream);
      });
    });
    try {
      return await within(opened, PATIENCE_MS, `no answer within ${PATIENCE_MS / 1000} s`);
    } finally {
      over = true;
    }
  }

  /** What a command prints. @throws what it complains when it fails or takes too long */
  async ask(command: string): Promise<string> {
    const { stdout, stderr, status } = await this.run(
      command,
      [],
      AbortSignal.timeout(PATIENCE_MS),
    );
    if (status === 0) return stdout;
    throw new Error(stderr.slice(-longestComplaint).trim() || `it ended with exit code ${status}`);
  }

  /** Closes the connection; the next stream opens a new one. */
  close(): void {
    const dialed = this.dialed;
    this.dialed = undefined;
    dialed?.then(
      ({ client }) => client.destroy(),
      () => undefined,
    );
  }

  /** Host keys of the machine and of its jump hosts, as they were seen. */
  async keys(): Promise<Pick<Dialed, "hostKey" | "hopKeys">> {
    this.dialed ??= this.login();
    return await this.dialed;
  }

  private async connected(): Promise<Client> {
    this.dialed ??= this.login();
    return (await this.dialed).client;
  }

  private drop(client: Client): void {
    client.destroy();
    this.dialed = undefined;
  }

  private async login(): Promise<Dialed> {
    const forget = () => {
      this.dialed = undefined;
    };
    try {
      const { endpoint, seen } = this;
      const way = seen === undefined ? endpoint : pinned(endpoint, seen.hostKey, seen.hopKeys);
      const dialed = await dial(way, forget);
      this.seen = { hostKey: dialed.hostKey, hopKeys: dialed.hopKeys };
      return dialed;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /**
   * Runs a command in the login shell of the user, with this standard input.
   *
   * @param signal ends the command's stream; the command itself ends with its own deadline
   */
  async run(command: string, input: Input, signal: AbortSignal): Promise<Ran> {
    const client = await this.connected();
    const stream = await this.inSession(() => executed(client, command));
    return await outcomeOf(stream, input, signal);
  }

  // A connection takes any number of forwards, but sshd allows it only a few sessions at a time.
  private async inSession(open: () => Promise<ClientChannel>): Promise<ClientChannel> {
    if (this.sessions >= MAX_SESSIONS) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.sessions += 1;
    const free = () => {
      this.sessions -= 1;
      this.waiting.shift()?.();
    };
    try {
      return (await open()).once("close", free);
    } catch (error) {
      free();
      throw error;
    }
  }

  private async openAnyWay(client: Client): Promise<Duplex> {
    if (this.way === "forward") return await forward(client);
    const { way } = this;
    if (way !== undefined) return await this.inSession(() => this.openBy(way, client));
    const reasons: string[] = [];
    for (const way of ["forward", "session", "sudo"] as const) {
      try {
        const stream = await this.openBy(way, client);
        if (way !== "forward") {
          await ping(stream);
          stream.destroy();
        }
        this.way = way;
        if (way === "forward") return stream;
        return await this.inSession(() => this.openBy(way, client));
      } catch (error) {
        reasons.push(`${way}: ${cause(error)}`);
      }
    }
    throw new Error(`its Docker engine does not answer (${reasons.join("; ")})`);
  }

  private async openBy(way: Way, client: Client): Promise<ClientChannel> {
    if (way === "forward") return await forward(client);
    if (way === "session") return await executed(client, DIAL_STDIO);
    const { command, head } = rootStream(DIAL_STDIO, this.endpoint);
    const stream = await executed(client, command);
    stream.write(head);
    return stream;
  }
}

/** Where a Docker engine listens on its host. */
const SOCKET = "/var/run/docker.sock";

const DIAL_STDIO = `docker -H unix://${SOCKET} system dial-stdio`;

function forward(client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.openssh_forwardOutStreamLocal(SOCKET, (error, stream) =>
      error ? reject(error) : resolve(stream),
    );
  });
}

/** Of what a machine says instead of an answer, the last letters. */
const longestComplaint = 4_096;

/** What sshd says when it opens no connection: it may not (1), or nothing answers there (2). */
function refusal(error: Error): Error {
  const said = cause(error).replace(/^.*open failure: ?/i, "");
  const reason = "reason" in error ? error.reason : undefined;
  return new Error(said || (reason === 1 ? "administratively prohibited" : "connection refused"));
}

/** Resolves when a Docker engine answers on the stream. */
function ping(stream: ClientChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    stream.stderr.on("data", (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(-longestComplaint);
    });
    stream.once("data", () => resolve());
    stream.once("close", () => reject(new Error(complaint.trim() || "it closed the stream")));
    stream.write("GET /_ping HTTP/1.0\r\n\r\n");
  });
}
