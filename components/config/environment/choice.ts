import { overlap } from "../../model/addresses/subnets";
import { localSubnets, portOffsets } from "./defaults";
import type { LocalSettings } from "./environment";

/** What an environment takes of this machine, kept from its first run on. */
export type LocalAddresses = Pick<LocalSettings, "subnet" | "portOffset">;

/** The same, and which Docker its hosts run when their group states none. */
export type LocalChoice = LocalAddresses & Pick<LocalSettings, "engine">;

/** What an environment may not take. */
export interface TakenAddresses {
  /** Networks of the Docker engine and of other environments, as CIDRs. */
  readonly subnets: readonly string[];
  /** Port offsets of other environments. */
  readonly offsets: readonly number[];
}

/**
 * Chooses what a new environment takes: what its name alone would give, or when that is taken the
 * next that is free. When nothing is free it is again what the name gives, which the preview refuses.
 *
 * @example
 * chooseAddresses("staging", { subnets: ["10.98.0.0/16"], offsets: [] }).subnet; // "10.99.0.0/16"
 */
export function chooseAddresses(stack: string, taken: TakenAddresses): LocalAddresses {
  const subnets = localSubnets(stack);
  const offsets = portOffsets(stack);
  const free = subnets.find((one) => !taken.subnets.some((other) => overlap(one, other)));
  const unused = offsets.find((one) => !taken.offsets.includes(one));
  return { subnet: free ?? subnets[0], portOffset: unused ?? offsets[0] };
}
