import { labelsOf, realName } from "../../model/platform/names";
import type { VolumePlan } from "../../model/platform/plan";
import type { NodeVolumeSpec, VolumeSpec } from "../../model/platform/spec";

/** Whose a volume is, and where the share is. */
export interface VolumePlace {
  readonly platform: string;
  /** What its real name begins with. @default nothing: the key is its real name */
  readonly namespace: string | undefined;
  readonly key: string;
  readonly sharePath: string;
}

/** Plans a volume; one on the share is a bind mount of its folder. */
export function planVolume(
  volume: VolumeSpec,
  { platform, namespace, key, sharePath }: VolumePlace,
): VolumePlan {
  const name = realName(namespace, key, volume.name);
  if (volume.external === true) return { kind: "external", name };
  const own = {
    name,
    everyNode: volume.everyNode ?? false,
    onDelete: volume.onDelete ?? ("keep" as const),
    seed: volume.seed ?? {},
    labels: labelsOf(namespace, volume.labels),
    ...(volume.directory === undefined ? {} : { directory: volume.directory }),
  };
  if (volume.shared === true) {
    const folder = `${sharePath}/${platform}/${key}`;
    const driverOptions = { type: "none", o: "bind", device: folder };
    return { kind: "shared", folder, driver: "local", driverOptions, ...own };
  }
  const { driver = "local", driverOptions = {} } = volume;
  const device = boundBy({ driver, driverOptions });
  return {
    kind: "node",
    driver,
    driverOptions,
    ...own,
    ...(device === undefined ? {} : { device }),
  };
}

type Driven = Pick<NodeVolumeSpec, "driver" | "driverOptions">;

/** The directory of a node that Docker's own driver mounts with these options, if it is one. */
export function boundBy({ driver = "local", driverOptions = {} }: Driven): string | undefined {
  const { type = "none", o = "", device = "" } = driverOptions;
  // Empty text leaves the driver to Docker.
  const isLocal = driver === "local" || driver === "";
  const binds = o.split(",").some((option) => option === "bind" || option === "rbind");
  return isLocal && type === "none" && binds && device.startsWith("/") ? device : undefined;
}
