import * as pulumi from "@pulumi/pulumi";
import type { RemoteMount, Share } from "../../share/share";

/** A machine that has mounted the share, or serves it. */
interface Mounted {
  readonly privateAddress: pulumi.Output<string>;
  readonly mounted?: pulumi.Output<string>;
}

/**
 * How a machine mounts the share; undefined without one.
 *
 * @param reached where machines are reached by others, by their names
 * @param makeFirst makes the machine that has to go first, unless that was done already
 */
export function mountFor(
  name: string,
  share: Share | undefined,
  reached: ReadonlyMap<string, pulumi.Output<string>>,
  makeFirst: (first: string) => Mounted,
): RemoteMount | undefined {
  if (share?.among === undefined) return share?.remote;
  const { among } = share;
  const others = [...reached].flatMap(([other, address]) => (other === name ? [] : [address]));
  const first = name === among.first ? undefined : makeFirst(among.first);
  return among.mountOn({
    name,
    others: pulumi.all(others).apply((addresses) => [...addresses].sort()),
    ...(first?.mounted === undefined
      ? {}
      : { first: { address: first.privateAddress, said: first.mounted } }),
  });
}
