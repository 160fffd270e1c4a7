/** A property value that Pulumi's engine does not know yet (preview only). */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** Plain property values as Pulumi's engine sends them; unknown ones are `UNKNOWN`. */
export type Properties = { readonly [key: string]: unknown };

/** One thing wrong with an input: where, and what to do. */
export interface Failure {
  /** Path in the resource's inputs, for example `placement.constraints[0]`. */
  readonly property: string;
  /** What was found, what is allowed, what to type. */
  readonly reason: string;
}

/** One changed field, as a preview shows it. */
export interface Change {
  /** Path in the inputs, for example `env.LOG_LEVEL`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** True when Docker cannot change the field in place. */
  readonly replace: boolean;
}
