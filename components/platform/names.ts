import type { AttachmentSpec, ServiceSpec } from "../model/platform/service-spec";
import type { NetworkSpec, PlatformSpec, VolumeSpec } from "../model/platform/spec";

/** Label by which `docker stack` commands know what belongs together. */
export const namespaceLabel = "com.docker.stack.namespace";

/** Real name of something of a platform: its own `name`, else `<platform>_<key>`. */
export function realName(platform: string, key: string, own?: string): string {
  return own ?? `${platform}_${key}`;
}

/** A platform's networks; one named `default` when it declares none. */
export function networksOf(spec: PlatformSpec): { readonly [key: string]: NetworkSpec } {
  const declared = spec.networks ?? {};
  return Object.keys(declared).length > 0 ? declared : { default: {} };
}

/** What a service joins: what it says, else the network `default`, else the platform's only one. */
export function attachmentsOf(
  service: ServiceSpec,
  spec: PlatformSpec,
): { readonly [key: string]: AttachmentSpec } {
  if (service.networks !== undefined) return service.networks;
  const keys = Object.keys(networksOf(spec));
  return keys.includes("default")
    ? { default: {} }
    : Object.fromEntries(keys.slice(0, 1).map((key) => [key, {}]));
}

/** Driver and options of a volume; one on the share is a bind of its folder there. */
export function volumeDriver(
  volume: VolumeSpec,
  folder: string,
): { readonly driver: string; readonly driverOptions: { readonly [key: string]: string } } {
  if (volume.shared ?? false) {
    return { driver: "local", driverOptions: { type: "none", o: "bind", device: folder } };
  }
  return { driver: volume.driver ?? "local", driverOptions: volume.driverOptions ?? {} };
}
