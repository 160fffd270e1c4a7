import { mapValues } from "../../model/merge";
import { labelsOf, realName } from "../../model/platform/names";
import type { PlatformPlan, ServicePlan } from "../../model/platform/plan";
import type { MountSpec } from "../../model/platform/service-spec";
import type { Mount } from "../../model/service/inputs";
import type { PresentService } from "./present";

/** Whose a service is, and what it can refer to. */
export interface ServicePlace extends Pick<PlatformPlan, "networks" | "volumes"> {
  readonly platform: string;
  readonly key: string;
  /** What the environment says for services and ports that name nothing. */
  readonly defaults: {
    readonly discovery: "vip" | "dnsrr";
    readonly publish: "ingress" | "host";
  };
}

/** Plans a service. References to what does not exist are left out; preflight reports them. */
export function planService(service: PresentService, place: ServicePlace): ServicePlan {
  const { platform, key, volumes, defaults } = place;
  const { image, mounts, ports } = service;
  return {
    ...service,
    name: realName(platform, key),
    image:
      typeof image === "string"
        ? { kind: "reference", reference: image }
        : { kind: "built", build: image.build },
    // Some programs read the hostname of every service on the swarm, so there is always one.
    hostname: service.hostname ?? key,
    labels: labelsOf(platform, service.labels),
    containerLabels: labelsOf(platform, service.containerLabels),
    networks: attachmentsOf(service, place),
    mounts:
      mounts === undefined ? undefined : mapValues(mounts, (mount) => planMount(mount, volumes)),
    ports: ports?.map((port) => ({ ...port, mode: port.mode ?? defaults.publish })),
    endpointMode: service.endpointMode ?? defaults.discovery,
    dependsOn: service.dependsOn ?? [],
  };
}

/** A network that every Docker engine has. It takes no aliases: there are no names in it. */
export function isPredefined(network: string): boolean {
  return ["host", "bridge", "none"].includes(network);
}

/** Every service of a platform joins `default` unless it says otherwise; its key is always an alias. */
function attachmentsOf(
  { networks: written = { default: {} } }: PresentService,
  { key, networks }: ServicePlace,
): ServicePlan["networks"] {
  const attachments = Object.entries(written).flatMap(([network, attachment]) => {
    const name = networks[network]?.name;
    if (name === undefined) return [];
    if (isPredefined(name)) return [[network, { ...attachment, name }] as const];
    const aliases = [key, ...(attachment.aliases ?? [])];
    return [[network, { ...attachment, name, aliases }] as const];
  });
  return Object.fromEntries(attachments);
}

/** A mount of a platform's volume carries the driver: swarm creates the volume where the task lands. */
function planMount(mount: MountSpec, volumes: PlatformPlan["volumes"]): Mount {
  const volume = mount.type === "volume" ? volumes[mount.source ?? ""] : undefined;
  if (volume === undefined) return mount;
  if (volume.kind === "external") return { ...mount, source: volume.name };
  const { driver, driverOptions } = volume;
  return { ...mount, source: volume.name, volume: { ...mount.volume, driver, driverOptions } };
}
