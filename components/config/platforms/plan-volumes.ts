import { labelsOf, realName } from "../../model/platform/names";
import type { VolumePlan } from "../../model/platform/plan";
import type { VolumeSpec } from "../../model/platform/spec";

/** Whose a volume is, and where the share is. */
export interface VolumePlace {
  readonly platform: string;
  readonly key: string;
  readonly sharePath: string;
}

/** Plans a volume; one on the share is a bind mount of its folder. */
export function planVolume(
  volume: VolumeSpec,
  { platform, key, sharePath }: VolumePlace,
): VolumePlan {
  const name = realName(platform, key, volume.name);
  if (volume.external === true) return { kind: "external", name };
  const own = {
    name,
    everyNode: volume.everyNode ?? false,
    onDelete: volume.onDelete ?? ("keep" as const),
    seed: volume.seed ?? {},
    labels: labelsOf(platform, volume.labels),
  };
  if (volume.shared === true) {
    const folder = `${sharePath}/${platform}/${key}`;
    const driverOptions = { type: "none", o: "bind", device: folder };
    return { kind: "shared", folder, driver: "local", driverOptions, ...own };
  }
  const { driver = "local", driverOptions = {} } = volume;
  return { kind: "node", driver, driverOptions, ...own };
}
