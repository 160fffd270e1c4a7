/** Exactly one of the fields of `T`. */
export type OneOf<T> = {
  [Key in keyof T]: { readonly [Own in Key]: T[Own] } & {
    readonly [Other in Exclude<keyof T, Key>]?: undefined;
  };
}[keyof T];
