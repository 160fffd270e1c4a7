import type { EngineClient } from "./client";

/** What an operation may use to reach the engines of a swarm. */
export interface SwarmAccess {
  /** Aborted when the operation must stop: on cancel, on a timeout and when the CLI is gone. */
  readonly signal: AbortSignal;
  /**
   * The engine of any manager that answers; requests go to another one when it fails.
   * @throws NoManagerError when none answers
   */
  manager(): Promise<EngineClient>;
  /** The engine of one host, by its name. */
  node(name: string): Promise<EngineClient>;
  /** Names of the hosts that `node` knows. */
  readonly nodes: readonly string[];
  /** Value of X-Registry-Auth for the image's registry, undefined when none is configured. */
  registryAuth(image: string): string | undefined;
}
