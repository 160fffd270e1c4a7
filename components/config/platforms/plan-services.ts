import { isMap, mapValues } from "../../model/merge";
import { labelsOf, realName } from "../../model/platform/names";
import type { PlatformPlan, ServicePlan } from "../../model/platform/plan";
import type { MountSpec } from "../../model/platform/service-spec";
import type { Mount } from "../../model/service/inputs";
import { isJobMode } from "../../model/service/mode";
import type { PresentService, PresentSpec } from "./present";
import { routeLabels, routeOf } from "./routes";

/** Whose a service is, and what it can refer to. */
export interface ServicePlace extends Pick<PlatformPlan, "networks" | "volumes"> {
  /** What its real name begins with. @default nothing: the key is its real name */
  readonly namespace: string | undefined;
  readonly key: string;
  /** All services of the platform. */
  readonly services: PresentSpec["services"];
  /** What the environment says for services and ports that name nothing. */
  readonly defaults: {
    readonly discovery: "vip" | "dnsrr";
    readonly publish: "ingress" | "host";
    readonly hostname: "container" | "task";
  };
}

/** Plans a service. References to what does not exist are left out; preflight reports them. */
export function planService(service: PresentService, place: ServicePlace): ServicePlan {
  const { namespace, key, volumes, defaults } = place;
  const { route, nodeAccess: _, ...rest } = service;
  const { image, mounts, ports, labels } = rest;
  const name = realName(namespace, key);
  return {
    ...rest,
    name,
    image:
      typeof image === "string"
        ? { kind: "reference", reference: image }
        : { kind: "built", build: image.build },
    hostname: hostnameOf(service, place),
    labels: labelsOf(namespace, { ...routeLabels(routeOf({ route, ports }, name)), ...labels }),
    containerLabels: labelsOf(namespace, service.containerLabels),
    networks: attachmentsOf(service, place),
    mounts:
      mounts === undefined ? undefined : mapValues(mounts, (mount) => planMount(mount, volumes)),
    ports: ports?.map((port) => ({ ...port, mode: port.mode ?? defaults.publish })),
    endpointMode: service.endpointMode ?? defaults.discovery,
    dependsOn: conditionsOf(service, place.services),
  };
}

/** In a list, services have to run and jobs to be done. */
function conditionsOf(
  { dependsOn = [] }: PresentService,
  services: PresentSpec["services"],
): ServicePlan["dependsOn"] {
  if (isMap(dependsOn)) return dependsOn;
  const stated = dependsOn.map(
    (key) => [key, isJobMode(services[key]?.mode) ? "completed" : "healthy"] as const,
  );
  return Object.fromEntries(stated);
}

/** Longest hostname that Linux takes. */
const HOSTNAME_BYTES = 64;
/** Length of an id of Docker, which stands for the slot in global services. */
const ID_BYTES = 25;

/** One hostname for each task, where the environment wants all services to have one. */
function hostnameOf({ hostname }: PresentService, place: ServicePlace): string | undefined {
  // Empty text leaves it to Docker, as no hostname does.
  if (hostname !== undefined && hostname !== "") return hostname;
  if (place.defaults.hostname === "container") return undefined;
  const { length } = realName(place.namespace, place.key);
  const fits = length + 1 + ID_BYTES <= HOSTNAME_BYTES;
  return fits ? "{{.Service.Name}}-{{.Task.Slot}}" : "{{.Task.ID}}";
}

/** A network that every Docker engine has. It takes no aliases: there are no names in it. */
export function isPredefined(network: string): boolean {
  return ["host", "bridge", "none"].includes(network);
}

/** Every service of a platform joins `default` unless it says otherwise; its key is an alias, where names have a namespace. */
function attachmentsOf(
  { networks: written = { default: {} } }: PresentService,
  { namespace, key, networks }: ServicePlace,
): ServicePlan["networks"] {
  const attachments = Object.entries(written).flatMap(([network, attachment]) => {
    const name = networks[network]?.name;
    if (name === undefined) return [];
    // The name of a service without a namespace is its key already.
    if (isPredefined(name) || namespace === undefined) {
      return [[network, { ...attachment, name }] as const];
    }
    const aliases = [key, ...(attachment.aliases ?? [])];
    return [[network, { ...attachment, name, aliases }] as const];
  });
  return Object.fromEntries(attachments);
}

/** A mount of a platform's volume carries the driver: swarm creates the volume where the task lands. */
function planMount(mount: MountSpec, volumes: PlatformPlan["volumes"]): Mount {
  const volume = mount.type === "volume" ? volumes[mount.source ?? ""] : undefined;
  if (volume === undefined) return mount;
  const { driver, driverOptions } = volume;
  if (driver === undefined) return { ...mount, source: volume.name };
  return { ...mount, source: volume.name, volume: { ...mount.volume, driver, driverOptions } };
}
