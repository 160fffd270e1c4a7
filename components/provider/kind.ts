import type { CheckedInputs } from "../model/fields/check";
import type { Change, Properties } from "../model/values";

/** What the Pulumi engine keeps of a resource. */
export interface Stored<I> {
  readonly id: string;
  readonly inputs: I;
  /** Inputs and computed values; inputs keep their paths. */
  readonly state: Properties;
}

/** The outcome of an operation that made or changed something. */
export interface Outcome {
  readonly id: string;
  readonly state: Properties;
  /** Why the object exists but is not as wanted; the Pulumi engine keeps it and tries again next time. */
  readonly problems?: readonly string[];
}

/** The outcome of reading: the real state, in the form of the inputs. */
export interface ReadOutcome extends Outcome {
  readonly inputs: Properties;
}

/** What Check may use. It never dials. */
export interface CheckContext {
  readonly urn: string;
  /** Secret salt of the stack; undefined while it is not known (first preview). */
  readonly salt: string | undefined;
}

/** One kind of resource: pure decisions (check, diff, plan) and the work on the swarm. */
export interface Kind<I extends Properties = Properties, C = unknown> {
  /** Type token, for example `swarm:index:Service`. */
  readonly token: string;
  /** Top-level properties that are always stored encrypted. */
  readonly secrets: readonly string[];
  /** True when the old object must be deleted before the new one is created. */
  readonly deleteBeforeReplace?: (old: Stored<I>, news: I) => boolean;
  check(news: Properties, olds: Properties | undefined, context: CheckContext): CheckedInputs;
  /** Fields that differ; `news` may hold `UNKNOWN`. */
  diff(old: Stored<I>, news: I): readonly Change[];
  /** Outputs a preview may show; what will only be known later is `UNKNOWN`. */
  plan(news: I, old: Stored<I> | undefined): Properties;
  create(inputs: I, context: C): Promise<Outcome>;
  /** Undefined when the object is gone; throws when that is unknown. */
  read(id: string, old: Stored<I> | undefined, context: C): Promise<ReadOutcome | undefined>;
  update(old: Stored<I>, news: I, context: C): Promise<Outcome>;
  delete(old: Stored<I>, context: C): Promise<void>;
}
