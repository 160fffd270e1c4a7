import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import type { Client, ClientChannel, ServerHostKeyAlgorithm } from "ssh2";
import { within } from "./deadline";
import type { Endpoint } from "./endpoints";
import { cause } from "./errors";

/**
 * Longest time to reach a host and log in, and to open one stream to its Docker engine: a
 * machine that is busy with many new tasks may need more than ten seconds.
 */
const DIAL_TIMEOUT_MS = 20_000;

/** How long a connection from a host, or a command on it, may take. */
const PATIENCE_MS = 5_000;

/** By default sshd allows 10 sessions per connection; some are left for others. */
const MAX_SESSIONS = 6;

type Way = "forward" | "session" | "sudo";

/** One SSH connection to a host, opened when first needed and reopened after it broke. */
export class HostConnection {
  private client: Promise<Client> | undefined;
  private way: Way | undefined;
  private sessions = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly endpoint: Endpoint) {}

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

  /** What a command prints. @throws what it complains when it fails */
  async run(command: string): Promise<string> {
    const client = await this.connected();
    const ended = new Promise<string>((resolve, reject) => {
      client.exec(command, (error, stream) => {
        if (error) reject(error);
        else collect(stream).then(resolve, reject);
      });
    });
    return await within(ended, PATIENCE_MS, `no answer within ${PATIENCE_MS / 1000} s`);
  }

  /** Closes the connection; the next stream opens a new one. */
  close(): void {
    const client = this.client;
    this.client = undefined;
    client?.then(
      (open) => open.destroy(),
      () => undefined,
    );
  }

  private connected(): Promise<Client> {
    this.client ??= this.connect();
    return this.client;
  }

  private drop(client: Client): void {
    client.destroy();
    this.client = undefined;
  }

  private connect(): Promise<Client> {
    const { host, port, user, hostKey, privateKey } = this.endpoint;
    const [type = "", blob = ""] = hostKey.trim().split(/\s+/);
    // Not before it is used: a preview reaches no host.
    const ssh: typeof import("ssh2") = createRequire(__filename)("ssh2");
    const client = new ssh.Client();
    let refused = false;
    const ready = new Promise<Client>((resolve, reject) => {
      client.once("ready", () => resolve(client));
      client.on("error", (error) => {
        reject(refused ? new Error(`its host key does not match the pinned ${type}`) : error);
      });
      client.once("close", () => {
        this.client = undefined;
        reject(new Error("the connection was closed"));
      });
      client.connect({
        host,
        port,
        username: user,
        privateKey,
        keepaliveInterval: 3_000,
        keepaliveCountMax: 6,
        readyTimeout: 2 * DIAL_TIMEOUT_MS,
        algorithms: { serverHostKey: hostKeyAlgorithms(type) },
        hostVerifier: (key: Buffer) => {
          refused = !key.equals(Buffer.from(blob, "base64"));
          return !refused;
        },
      });
    });
    const timed = within(ready, DIAL_TIMEOUT_MS, `no answer within ${DIAL_TIMEOUT_MS / 1000} s`);
    timed.catch(() => this.drop(client));
    return timed;
  }

  // A connection takes any number of forwards, but sshd allows it only a few sessions at a time.
  private async openSession(way: Way, client: Client): Promise<Duplex> {
    if (this.sessions >= MAX_SESSIONS) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.sessions += 1;
    const free = () => {
      this.sessions -= 1;
      this.waiting.shift()?.();
    };
    try {
      return (await openBy(way, client)).once("close", free);
    } catch (error) {
      free();
      throw error;
    }
  }

  private async openAnyWay(client: Client): Promise<Duplex> {
    if (this.way === "forward") return await openBy("forward", client);
    if (this.way !== undefined) return await this.openSession(this.way, client);
    const reasons: string[] = [];
    for (const way of ["forward", "session", "sudo"] as const) {
      try {
        const stream = await openBy(way, client);
        if (way !== "forward") {
          await ping(stream);
          stream.destroy();
        }
        this.way = way;
        return way === "forward" ? stream : await this.openSession(way, client);
      } catch (error) {
        reasons.push(`${way}: ${cause(error)}`);
      }
    }
    throw new Error(`its Docker engine does not answer (${reasons.join("; ")})`);
  }
}

function hostKeyAlgorithms(type: string): ServerHostKeyAlgorithm[] {
  // Not with the signatures that the type is named after: those use SHA-1.
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type as ServerHostKeyAlgorithm];
}

/** Where a Docker engine listens on its host. */
const SOCKET = "/var/run/docker.sock";

function openBy(way: Way, client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, stream: ClientChannel) => {
      if (error) {
        reject(error);
      } else {
        resolve(stream);
      }
    };
    if (way === "forward") {
      client.openssh_forwardOutStreamLocal(SOCKET, done);
    } else {
      const sudo = way === "sudo" ? "sudo -n " : "";
      client.exec(`${sudo}docker -H unix://${SOCKET} system dial-stdio`, done);
    }
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

/** Most that is kept of what a command prints. */
const longestOutput = 1_000_000;

function collect(stream: ClientChannel): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let complaint = "";
    stream.on("data", (chunk: Buffer) => {
      printed = `${printed}${chunk}`.slice(0, longestOutput);
    });
    stream.stderr.on("data", (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(-longestComplaint);
    });
    stream.once("close", (code: number | null) => {
      if (code === 0) resolve(printed);
      else reject(new Error(complaint.trim() || `it ended with exit code ${code}`));
    });
  });
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
