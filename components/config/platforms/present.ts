import { isMap } from "../../model/merge";
import type { ServiceSpec } from "../../model/platform/service-spec";
import type { PlatformSpec } from "../../model/platform/spec";
import { GPU_RESOURCE } from "../environment/instance-types";

/** A service as an environment has it: without the fields that say where it exists, and without shorthands. */
export type PresentService = Omit<ServiceSpec, "only" | "gpus">;

/** A platform as an environment has it. */
export interface PresentSpec extends Omit<PlatformSpec, "services"> {
  readonly services: { readonly [key: string]: PresentService };
}

/**
 * The part of a platform that an environment has: without services for other environments only,
 * and without references to them. Shorthands are expanded.
 */
export function presentIn(environment: string, spec: PlatformSpec): PresentSpec {
  const kept = Object.entries(spec.services).filter(
    ([, { only }]) => only === undefined || only.includes(environment),
  );
  const gone = Object.keys(spec.services).filter((key) => !kept.some(([name]) => name === key));
  const { open, ...rest } = spec;
  const services = kept.map(([key, service]) => [key, writtenOut(service, gone)] as const);
  return {
    ...rest,
    services: Object.fromEntries(services),
    ...(open === undefined || gone.includes(open.service) ? {} : { open }),
  };
}

function writtenOut(service: ServiceSpec, gone: readonly string[]): PresentService {
  const { only: _, gpus, dependsOn, ...rest } = service;
  const waits = dependsOn === undefined ? undefined : without(gone, dependsOn);
  return {
    ...rest,
    ...(waits === undefined ? {} : { dependsOn: waits }),
    ...(gpus === undefined ? {} : { resources: withGpus(service.resources, gpus) }),
  };
}

function without(
  gone: readonly string[],
  dependsOn: NonNullable<ServiceSpec["dependsOn"]>,
): ServiceSpec["dependsOn"] {
  if (!isMap(dependsOn)) return dependsOn.filter((key) => !gone.includes(key));
  return Object.fromEntries(Object.entries(dependsOn).filter(([key]) => !gone.includes(key)));
}

function withGpus(resources: ServiceSpec["resources"], gpus: number): ServiceSpec["resources"] {
  const generic = { ...resources?.reservations?.generic, [GPU_RESOURCE]: gpus };
  return { ...resources, reservations: { ...resources?.reservations, generic } };
}
