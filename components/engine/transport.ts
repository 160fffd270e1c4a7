import { chmod, rm } from "node:fs/promises";
import { Agent, type AgentOptions } from "node:http";
import { createRequire } from "node:module";
import { createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import type Modem from "docker-modem";
import { type EngineClient, engineClient, type Send } from "./client";
import { withDeadline } from "./deadline";
import type { Endpoint } from "./endpoints";
import { cause } from "./errors";
import { describeEndpoint, electManager, type NamedConnection } from "./managers";
import { HostConnection } from "./ssh";

/** A failed search is remembered for this long, so that many resources do not each wait for it. */
const FAILURE_MEMORY_MS = 3_000;

/** Reaches the Docker engines of a swarm's hosts over SSH. */
export interface Transport {
  /**
   * Docker engine of any manager that answers; each request goes to one that does.
   * @throws NoManagerError when none answers
   */
  manager(): Promise<EngineClient>;
  /**
   * Docker engine of one host.
   * @throws Error when there is no such host in the configuration
   */
  node(name: string): Promise<EngineClient>;
  /** A TCP connection that one host opens. @throws when it is refused or takes too long */
  dial(name: string, address: string, port: number): Promise<Duplex>;
  /** What a command prints on one host. @throws what it complains when it fails */
  run(name: string, command: string): Promise<string>;
  /** Names of the hosts in the configuration. */
  readonly names: readonly string[];
  /** Serves a manager's Docker engine on a local Unix socket that only this user can open, until closed. */
  forwardSocket(path: string): Promise<() => Promise<void>>;
  /** Ends all connections. */
  close(): void;
}

/** Transport over these endpoints; no host is contacted before it is needed. */
export function connect(endpoints: readonly Endpoint[]): Transport {
  return new SshTransport(endpoints);
}

class SshTransport implements Transport {
  private readonly hosts: ReadonlyMap<string, NamedConnection>;
  private readonly engines = new Map<string, EngineClient>();
  private readonly swarm: EngineClient;
  private elected: Promise<NamedConnection> | undefined;

  constructor(endpoints: readonly Endpoint[]) {
    this.hosts = new Map(endpoints.map((entry) => [entry.name, new HostConnection(entry)]));
    const send = sendOver(async () => (await this.elect()).open());
    const timely = withDeadline(send, "a manager", () => {
      const used = this.elected;
      return {
        onFailure: (hung) => {
          if (this.elected === used) {
            this.elected = undefined;
          }
          used?.then(
            (host) => hung && host.close(),
            () => undefined,
          );
        },
        failover: true,
      };
    });
    this.swarm = engineClient(timely);
  }

  get names(): readonly string[] {
    return [...this.hosts.keys()];
  }

  async manager(): Promise<EngineClient> {
    await this.elect();
    return this.swarm;
  }

  async node(name: string): Promise<EngineClient> {
    const engine = this.engine(name);
    try {
      (await this.hosts.get(name)?.open())?.destroy();
    } catch (error) {
      const endpoint = this.hosts.get(name)?.endpoint;
      throw new Error(
        `the Docker engine of ${endpoint && describeEndpoint(endpoint, cause(error))}`,
      );
    }
    return engine;
  }

  async dial(name: string, address: string, port: number): Promise<Duplex> {
    return await this.host(name).dial(address, port);
  }

  async run(name: string, command: string): Promise<string> {
    return await this.host(name).ask(command);
  }

  async forwardSocket(path: string): Promise<() => Promise<void>> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      this.elect()
        .then((host) => host.open())
        .then(
          (stream) => join(socket, stream),
          () => socket.destroy(),
        );
    });
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
    return async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise<void>((resolve) => server.close(() => resolve()));
    };
  }

  close(): void {
    this.elected = undefined;
    for (const host of this.hosts.values()) {
      host.close();
    }
  }

  private host(name: string): HostConnection {
    const host = this.hosts.get(name);
    if (host !== undefined) return host;
    const known = this.names.length === 0 ? "there are none" : `there are ${this.names.join(", ")}`;
    throw new Error(`no host ${name} in the provider's endpoints; ${known}`);
  }

  private engine(name: string): EngineClient {
    const host = this.host(name);
    const known = this.engines.get(name);
    if (known !== undefined) return known;
    const timely = withDeadline(
      sendOver(() => host.open()),
      name,
      () => ({ onFailure: (hung) => hung && host.close(), failover: false }),
    );
    const engine = engineClient(timely);
    this.engines.set(name, engine);
    return engine;
  }

  private elect(): Promise<NamedConnection> {
    if (this.elected === undefined) {
      const search = electManager([...this.hosts.values()], (host) =>
        this.engine(host.endpoint.name),
      );
      this.elected = search;
      search.catch(() => {
        const forget = () => {
          if (this.elected === search) {
            this.elected = undefined;
          }
        };
        setTimeout(forget, FAILURE_MEMORY_MS).unref();
      });
    }
    return this.elected;
  }
}

/** Statuses that do not mean a failure. */
const FINE = { 200: true, 201: true, 202: true, 204: true } as const;

/** Requests that each use their own stream. */
function sendOver(open: () => Promise<Duplex>): Send {
  // Not before it is used: a preview reaches no Docker engine.
  const Client: typeof Modem = createRequire(__filename)("docker-modem");
  const modem = new Client({ protocol: "http", host: "docker", port: 80, agent: agentOver(open) });
  return ({ method, path, query, body = {}, auth, signal }) =>
    new Promise((resolve, reject) => {
      const request = {
        path: query === undefined ? path : `${path}?`,
        method,
        options: { _query: query ?? {}, _body: body },
        statusCodes: FINE,
        ...(auth === undefined ? {} : { authconfig: { base64: auth } }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
      };
      modem.dial(request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
}

/** The agent of a host, which opens a stream for each request. */
export function agentOver(open: () => Promise<Duplex>): Agent {
  const agent = new Agent({ keepAlive: false });
  const create = (_: AgentOptions, done: (error: Error | null, stream?: Duplex) => void) => {
    open().then(
      (stream) => done(null, stream),
      (error: Error) => done(error),
    );
  };
  // docker-modem describes each request in a text that nobody reads, with everything its agent refers to:
  // every open stream and its connection. With a hundred requests at once that took minutes.
  return Object.assign(agent, {
    createConnection: create,
    [inspect.custom]: () => "the agent of a host",
  });
}

function join(left: Socket, right: Duplex): void {
  right.on("error", () => left.destroy());
  right.once("close", () => left.destroy());
  left.once("close", () => right.destroy());
  left.pipe(right).pipe(left);
}
