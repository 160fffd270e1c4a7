import { mapValues } from "../../model/merge";
import type { Owner, PlatformPlan, VolumePlan } from "../../model/platform/plan";

/** What platforms can use of each other by its real name. */
export type Shareable = Pick<PlatformPlan, "networks" | "volumes" | "secrets" | "configs">;

type Section = keyof Shareable;

/** What one platform has. */
interface Having extends Shareable {
  readonly platform: string;
}

/**
 * Finds out who makes what is external: another platform of the same environment, or nobody here. A
 * volume gets the driver of the one that is made, because swarm makes it on each node where a task lands.
 *
 * @example
 * withOwners([{ platform: "app", networks: { net: { kind: "external", name: "blue_net" } }, … }, …])
 */
export function withOwners(all: readonly Having[]): readonly Shareable[] {
  const makers = {
    networks: madeBy(all, "networks"),
    volumes: madeBy(all, "volumes"),
    secrets: madeBy(all, "secrets"),
    configs: madeBy(all, "configs"),
  };
  const owned = <T extends { readonly kind: string; readonly name: string }>(
    section: Section,
    thing: T,
  ): (T & { readonly owner?: Owner }) | T => {
    const owner = thing.kind === "external" ? makers[section].get(thing.name) : undefined;
    return owner === undefined ? thing : { ...thing, owner };
  };
  return all.map(({ networks, volumes, secrets, configs }) => ({
    networks: mapValues(networks, (one) => owned("networks", one)),
    volumes: mapValues(volumes, (one) => withDriver(owned("volumes", one), all)),
    secrets: mapValues(secrets, (one) => owned("secrets", one)),
    configs: mapValues(configs, (one) => owned("configs", one)),
  }));
}

/** Platform and key of everything of a section that is made, by its real name. */
function madeBy(all: readonly Having[], section: Section): ReadonlyMap<string, Owner> {
  return new Map(
    all.flatMap((having) => {
      const things: { readonly [key: string]: { readonly kind: string; readonly name: string } } =
        having[section];
      return Object.entries(things).flatMap(([key, { kind, name }]) =>
        kind === "external" ? [] : [[name, { platform: having.platform, key }] as const],
      );
    }),
  );
}

function withDriver(volume: VolumePlan, all: readonly Having[]): VolumePlan {
  if (volume.kind !== "external" || volume.owner === undefined) return volume;
  const { platform, key } = volume.owner;
  const made = all.find((one) => one.platform === platform)?.volumes[key];
  if (made === undefined || made.kind === "external") return volume;
  const { driver, driverOptions } = made;
  return { ...volume, driver, driverOptions };
}
