/** A property value that the Pulumi engine does not know yet (preview only). */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** Plain property values as the Pulumi engine sends them; unknown ones are `UNKNOWN`. */
export type Properties = { readonly [key: string]: unknown };

/** One changed field, as a preview shows it. */
export interface Change {
  /** Path in the inputs, for example `env.LOG_LEVEL`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** True when Docker cannot change the field in place. */
  readonly replace: boolean;
  /** True when the path leads into the stored state, which has what no input has. @default false */
  readonly stored?: boolean;
}
