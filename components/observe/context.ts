import type { SwarmAccess } from "../engine/access";

/** What an observation of a swarm may use. */
export interface ObserveContext extends SwarmAccess {
  /** Name of the Pulumi stack, for commands to run. */
  readonly stack: string;
  /** Shows what is being waited for. */
  log(message: string): void;
}
