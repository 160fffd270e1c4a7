import { mapValues } from "../../model/merge";
import type { PlatformSpec, VolumeSpec } from "../../model/platform/spec";
import { entriesOf, member, type Node } from "../tree";
import { configOf, secretOf } from "./contents";
import type { Context } from "./context";
import { isExternal } from "./external";
import { onlyForBuilds } from "./image/build";
import { servicesOf } from "./names";
import { networkOf } from "./networks";
import { type MadeService, serviceOf } from "./service";
import { filled, given } from "./values";

/** A PlatformSpec, but for what was wrong. */
export type MadePlatform = Omit<PlatformSpec, "services"> & { readonly services: object };

/** Translates a whole file, whose parts are in their long forms. */
export function platformOf(context: Context): MadePlatform {
  const { request } = context;
  const services = servicesOf(context).map(
    ([key, value]) => [key, serviceOf(key, value, context)] as const,
  );
  const joined = services.flatMap(([, { spec }]) => Object.keys(spec.networks ?? { default: {} }));
  const building = onlyForBuilds(context);
  const images = services.flatMap(([key, { build }]) =>
    build === undefined ? [] : [[key, build] as const],
  );
  return given({
    folder: request.folder,
    images: filled(Object.fromEntries(images)),
    // Docker makes the networks that a service joins, and no others.
    networks: section("networks", context, (key, node) =>
      joined.includes(key) ? networkOf(key, node, context) : undefined,
    ),
    volumes: section("volumes", context, (key, node) => volumeOf(key, node, context)),
    secrets: section("secrets", context, (key, node) =>
      building.has(key) ? undefined : secretOf(key, node, context),
    ),
    configs: section("configs", context, (key, node) => configOf(key, node, context)),
    services: withJobs(Object.fromEntries(services.map(([key, { spec }]) => [key, spec]))),
  });
}

type MadeServices = { readonly [key: string]: MadeService["spec"] };

/** A service that another one waits for to complete is a job, as its file means it. */
function withJobs(services: MadeServices): MadeServices {
  const ends = new Set(
    Object.values(services).flatMap(({ dependsOn = {} }) =>
      Object.entries(dependsOn).flatMap(([key, condition]) =>
        condition === "completed" ? [key] : [],
      ),
    ),
  );
  return mapValues(services, (spec, key) =>
    ends.has(key) && spec.mode === undefined ? jobOf(spec) : spec,
  );
}

/** Jobs have no updates: swarm runs them again. */
function jobOf({ update: _, rollback: __, ...spec }: MadeService["spec"]): MadeService["spec"] {
  return { ...spec, mode: "replicated-job" };
}

function section<T>(
  name: string,
  { root, places }: Context,
  make: (key: string, node: Node) => T | undefined,
): { readonly [key: string]: T } | undefined {
  const made = entriesOf(member(root, name)).flatMap(([key, { value }]) => {
    places.add([name, key], value);
    const one = make(key, value);
    return one === undefined ? [] : [[key, one] as const];
  });
  return filled(Object.fromEntries(made));
}

function volumeOf(key: string, node: Node, context: Context): VolumeSpec {
  const { values } = context;
  const keys = ["volumes", key];
  const name = values.name(member(node, "name"), [...keys, "name"]);
  if (isExternal(node, keys, context)) return { external: true, name: name ?? key };
  return given({
    name,
    // Empty text leaves it to Docker, so that the mounts are as Docker writes them.
    driver: values.text(member(node, "driver"), [...keys, "driver"]) ?? "",
    driverOptions: values.map(member(node, "driver_opts"), [...keys, "driver_opts"]),
    labels: values.map(member(node, "labels"), [...keys, "labels"]),
  });
}
