import type { Command } from "./processes";
import type { Step } from "./steps";

/** One way to make an environment: ours, or a peer. */
export interface Subject {
  readonly name: string;
  /** Network of its hosts, as CIDR. */
  readonly subnet: string;
  /** Container that is its manager. */
  readonly manager: string;
  /** Writes what a step needs and says what to run; undefined when it cannot do that. */
  command(step: Step): Command | undefined;
  /** Removes all that is left of it, also when a step failed. */
  close(): Promise<void>;
}
