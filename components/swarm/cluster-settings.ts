import { defaults } from "../config/environment/defaults";
import type { SwarmSettings } from "../config/environment/environment";
import type { ClusterInputs } from "../model/kinds/cluster";
import { sameValue } from "../model/paths";

/** Settings of the swarm that its Cluster sets or compares; what is Docker's or our default is left out. Pure. */
export function clusterSettings(settings: SwarmSettings): Omit<ClusterInputs, "firstManager"> {
  const { autolock, rotateUnlockKey, certificateExpiry, taskHistory, ingress } = settings;
  const { addressPools, addressPoolMask, dataPathPort } = settings;
  const pools = sameValue(addressPools, defaults.addressPools) ? undefined : addressPools;
  const all = {
    ...{ autolock, rotateUnlockKey, certificateExpiry, taskHistory, ingress },
    ...{ addressPools: pools, addressPoolMask, dataPathPort },
    ...(settings.adopt === true && settings.dissolve !== true ? { stays: true } : {}),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
