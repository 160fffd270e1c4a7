import type * as pulumi from "@pulumi/pulumi";
import type { SwarmSettings } from "../config/environment/environment";
import type { MountSpec, ServiceSpec } from "../model/platform/service-spec";
import type { FileReference, Mount, Port } from "../model/service/inputs";
import { attachmentsOf, namespaceLabel, realName } from "../platform/names";
import type { Platform, PlatformFile } from "../platform/platform";
import type { ServiceArgs } from "../resources/resources";

type Args = Omit<ServiceArgs, "image" | "wait" | "timeout">;

/** A service in the words of the swarm: every key of the platform exchanged for the real name. */
export function serviceArgs(key: string, spec: ServiceSpec, platform: Platform): Args {
  const { image: _, dependsOn: __, networks: ___, only: ____, gpus: _____, ...rest } = spec;
  const { mounts, secrets, configs, ...same } = rest;
  const namespace = { [namespaceLabel]: platform.platform };
  const endpointMode = spec.endpointMode ?? platform.swarm.settings.discovery;
  return {
    ...same,
    name: realName(platform.platform, key),
    // Some programs read the hostname of every service on the swarm, so there is always one.
    hostname: spec.hostname ?? key,
    labels: { ...namespace, ...spec.labels },
    containerLabels: { ...namespace, ...spec.containerLabels },
    endpointMode,
    ports: portsOf(spec, platform.swarm.settings),
    networks: networksFor(key, spec, platform),
    mounts: mapValues(mounts, (mount) => mountOf(mount, platform)),
    secrets: mapValues(secrets, (file) => fileOf(file, platform.secrets)),
    configs: mapValues(configs, (file) => fileOf(file, platform.configs)),
  };
}

/** The published mode of each port, by the environment's default. */
export function portsOf(spec: ServiceSpec, settings: SwarmSettings): Port[] | undefined {
  return spec.ports?.map((port) => ({ ...port, mode: port.mode ?? settings.publish }));
}

function networksFor(key: string, spec: ServiceSpec, platform: Platform) {
  return mapValues(attachmentsOf(spec, platform.spec), (attachment, network) => ({
    ...attachment,
    name: platform.networks.get(network) ?? network,
    aliases: [key, ...(attachment.aliases ?? [])],
  }));
}

/** A mount of a platform's volume carries the driver: swarm makes the volume where the task lands. */
function mountOf(mount: MountSpec, platform: Platform): Mount {
  const volume = mount.type === "volume" ? platform.volumes.get(mount.source ?? "") : undefined;
  if (volume === undefined) return mount;
  const driver =
    volume.driver === undefined
      ? {}
      : {
          volume: { ...mount.volume, driver: volume.driver, driverOptions: volume.driverOptions },
        };
  return { ...mount, source: volume.name, ...driver };
}

function fileOf(file: FileReference, files: ReadonlyMap<string, PlatformFile>) {
  const source: pulumi.Input<string> = files.get(file.source)?.name ?? file.source;
  return { ...file, source };
}

function mapValues<T, R>(
  record: { readonly [key: string]: T } | undefined,
  change: (value: T, key: string) => R,
): { [key: string]: R } | undefined {
  if (record === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
