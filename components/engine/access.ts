import type { Duplex } from "node:stream";
import type { EngineClient } from "./client";

/** What an operation may use to reach a swarm's Docker engines. */
export interface SwarmAccess {
  /** Aborted when the operation must stop: on cancel, on a timeout, or when the CLI has ended. */
  readonly signal: AbortSignal;
  /**
   * The Docker engine of any manager that answers; requests move to another one when it fails.
   * @throws NoManagerError when none answers
   */
  manager(): Promise<EngineClient>;
  /** The Docker engine of one host, by its name. */
  node(name: string): Promise<EngineClient>;
  /** A TCP connection that a host opens. @throws when it is refused or takes too long */
  dial(host: string, address: string, port: number): Promise<Duplex>;
  /** What a command prints on a host. @throws what it complains when it fails */
  run(host: string, command: string): Promise<string>;
  /** Names of the hosts that `node` knows. */
  readonly nodes: readonly string[];
  /** Value of X-Registry-Auth for the image's registry, undefined when none is configured. */
  registryAuth(image: string): string | undefined;
}
