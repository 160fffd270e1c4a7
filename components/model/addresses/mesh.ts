import { allot } from "./spread";
import { addressText, parseCidr } from "./subnets";

/**
 * Gives each name an address of the network. It depends on the name alone unless two clash. Names for which
 * no address is left are left out.
 */
export function meshAddresses(
  subnet: string,
  names: readonly string[],
): ReadonlyMap<string, string> {
  const { first, last } = parseCidr(subnet);
  // Machines have neither the first nor the last address of a network.
  const size = Math.max(0, last - first - 1);
  const slots = allot(names, size);
  return new Map([...slots].map(([name, slot]) => [name, addressText(first + 1 + slot)]));
}
