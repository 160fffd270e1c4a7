import type { NodeDescription } from "../../model/placement/constraints";
import type { MachineSize } from "../../model/placement/machine-size";
import type { Environment, HostSettings } from "../environment/environment";
import { coresOf } from "../environment/instance-types";

/**
 * What is known about the nodes before they exist.
 *
 * @param machine what each local host has. @default not known
 */
export function describeNodes(
  environment: Environment,
  machine?: MachineSize,
): readonly NodeDescription[] {
  return environment.hosts.map((host) => ({
    hostname: host.name,
    role: host.role,
    labels: host.labels,
    ...sizeOf(host, machine),
    // Without an address the local subnet is too small, which is reported with the subnet.
    ...(host.kind === "local" && host.privateAddress !== ""
      ? { address: host.privateAddress }
      : {}),
  }));
}

/** Its cores and so on, as far as they are known before it exists. */
function sizeOf(
  host: HostSettings,
  machine: MachineSize | undefined,
): Pick<NodeDescription, "platform" | "resources"> {
  const os = "linux";
  const generic = host.resources;
  if (host.kind === "aws") {
    const { architecture, instanceType } = host.aws;
    const cpus = coresOf(instanceType);
    const resources = { generic, ...(cpus === undefined ? {} : { cpus }) };
    return { platform: { os, architecture }, resources };
  }
  if (host.kind !== "local" || machine === undefined) {
    return { platform: { os }, resources: { generic } };
  }
  const { architecture, cpus, memoryBytes } = machine;
  return { platform: { os, architecture }, resources: { generic, cpus, memoryBytes } };
}
