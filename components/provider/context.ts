import type { ObserveContext } from "../observe/context";
import type { Leftovers } from "./leftovers";

/** What an operation on the swarm may use: the C of a Kind. */
export interface KindContext extends ObserveContext {
  /** Resource that the operation is for. */
  readonly urn: string;
  /** Labels that every object carries: stack and URN. */
  readonly labels: { readonly [key: string]: string };
  /** Secret salt of the stack. */
  readonly salt: string | undefined;
  /** Objects that nobody manages are taken over; otherwise they are refused. @default false */
  readonly adopts?: boolean;
  /** Shows a warning that stays in the output. */
  warn(message: string): void;
  /** Leftovers of all operations of this run. */
  readonly leftovers: Leftovers;
}
