import type * as pulumi from "@pulumi/pulumi";
import type { NodeVolumePlan, SharedVolumePlan } from "../model/platform/plan";
import { Volume } from "../resources/resources";
import type { Swarm } from "../swarm/swarm";

/** Volumes that are resources, by the name of their host. */
export type VolumesByHost = ReadonlyMap<string, Volume>;

/** A volume on each host of a swarm. */
export function volumesOnNodes(
  name: string,
  plan: NodeVolumePlan | SharedVolumePlan,
  swarm: Swarm,
  parent: pulumi.Resource,
): VolumesByHost {
  const { name: real, driver, driverOptions, labels, onDelete } = plan;
  // Empty text leaves the driver to Docker.
  const args = { name: real, driver: driver || undefined, driverOptions, labels, onDelete };
  return new Map(
    swarm.hosts.map((host) => {
      const opts = swarm.onNode(parent, host);
      return [host.name, new Volume(`${name}-${host.name}`, { node: host.name, ...args }, opts)];
    }),
  );
}
