import type * as pulumi from "@pulumi/pulumi";

/** False while a preview does not know the value. */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  // The SDK has it, but leaves it out of its types.
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}

/** The value of an output; undefined while a preview does not know it. */
export async function ifKnown<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  if (!(await isKnown(output))) return undefined;
  return await new Promise((resolve) => {
    output.apply(resolve);
  });
}
