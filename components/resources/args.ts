import type * as pulumi from "@pulumi/pulumi";

/** `T` with an Output allowed at every place. */
export type Deep<T> = T extends readonly (infer Item)[]
  ? pulumi.Input<readonly Deep<Item>[]>
  : T extends object
    ? pulumi.Input<{ readonly [Key in keyof T]: Deep<T[Key]> }>
    : pulumi.Input<T>;

/** Fields of `T`, each with Outputs allowed inside. */
export type Args<T> = { readonly [Key in keyof T]: Deep<T[Key]> };
