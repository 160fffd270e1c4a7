import type { ServiceSpec } from "../../model/platform/service-spec";
import type { PlatformSpec } from "../../model/platform/spec";
import { GPU_RESOURCE } from "../environment/instance-types";

/**
 * What of a platform an environment has: without services that are for other environments only, and
 * without what points to them. Shorthands are written out.
 */
export function presentIn(environment: string, spec: PlatformSpec): PlatformSpec {
  const kept = Object.entries(spec.services).filter(
    ([, { only }]) => only === undefined || only.includes(environment),
  );
  const gone = Object.keys(spec.services).filter((key) => !kept.some(([name]) => name === key));
  const { open, ...rest } = spec;
  const services = kept.map(([key, service]): [string, ServiceSpec] => [
    key,
    writtenOut(service, gone),
  ]);
  return {
    ...rest,
    services: Object.fromEntries(services),
    ...(open === undefined || gone.includes(open.service) ? {} : { open }),
  };
}

function writtenOut(service: ServiceSpec, gone: readonly string[]): ServiceSpec {
  const { only: _, gpus, dependsOn, ...rest } = service;
  const waits = dependsOn?.filter((key) => !gone.includes(key));
  return {
    ...rest,
    ...(waits === undefined ? {} : { dependsOn: waits }),
    ...(gpus === undefined ? {} : { resources: withGpus(service.resources, gpus) }),
  };
}

function withGpus(resources: ServiceSpec["resources"], gpus: number): ServiceSpec["resources"] {
  const generic = { ...resources?.reservations?.generic, [GPU_RESOURCE]: gpus };
  return { ...resources, reservations: { ...resources?.reservations, generic } };
}
