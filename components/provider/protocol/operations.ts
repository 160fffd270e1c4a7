import { setMaxListeners } from "node:events";
import { type Configuration, registryHeader } from "../../engine/endpoints";
import { connect, type Transport } from "../../engine/transport";
import { ownerLabels } from "../../model/ownership";
import type { KindContext } from "../context";
import { Leftovers } from "../leftovers";
import type { EngineLog } from "./pulumi-log";

/** What the operations of one provider process share: configuration, connections and the stop signal. */
export class Operations {
  private configuration: Configuration = { endpoints: [], registryAuth: [] };
  private transport: Transport = connect([]);
  private readonly leftovers = new Leftovers();
  private readonly stopping = new AbortController();
  private running = 0;

  constructor(private readonly log: EngineLog) {
    setMaxListeners(0, this.stopping.signal);
  }

  get salt(): string | undefined {
    return this.configuration.salt;
  }

  /** Uses this configuration from now on; dials nothing. */
  configure(configuration: Configuration): void {
    this.transport.close();
    this.configuration = configuration;
    this.transport = connect(configuration.endpoints);
  }

  /** Runs one operation, so that a stop waits for it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
    }
  }

  /** Context of one operation; `timeout` is the resource's custom timeout in seconds, 0 for none. */
  context(urn: string, timeout: number): KindContext {
    const { stopping, log, transport, configuration } = this;
    const late = timeout > 0 ? [AbortSignal.timeout(timeout * 1_000)] : [];
    const signal = AbortSignal.any([stopping.signal, ...late]);
    setMaxListeners(0, signal);
    return {
      urn,
      stack: /^urn:pulumi:([^:]+)::/.exec(urn)?.[1] ?? "",
      labels: ownerLabels(urn),
      salt: configuration.salt,
      adopts: configuration.adopt === true,
      signal,
      log: (message) => log.status(message, urn),
      warn: (message) => log.warning(message, urn),
      manager: () => transport.manager(),
      node: (name) => transport.node(name),
      dial: (host, address, port) => transport.dial(host, address, port),
      run: (host, command) => transport.run(host, command),
      nodes: transport.names,
      leftovers: this.leftovers,
      registryAuth: (image) => registryHeader(image, configuration.registryAuth),
    };
  }

  /** Aborts all operations, waits up to `graceMs` for their answers, and ends the connections. */
  async stop(reason: string, graceMs: number): Promise<void> {
    this.stopping.abort(new Error(reason));
    const end = Date.now() + graceMs;
    while (this.running > 0 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.transport.close();
  }
}
