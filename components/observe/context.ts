import type { SwarmAccess } from "../engine/access";

/** What an observation of a swarm may use. */
export interface ObserveContext extends SwarmAccess {
  /** Resource that asks; its stack is named in commands to run. */
  readonly urn: string;
  /** Shows what is being waited for. */
  log(message: string): void;
}
