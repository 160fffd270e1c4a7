import { takeSubnets } from "../../model/addresses/subnets";
import { mapValues } from "../../model/merge";
import { labelsOf, realName } from "../../model/platform/names";
import type { ConfigPlan, NetworkPlan, PlatformPlan, SecretPlan } from "../../model/platform/plan";
import type { ConfigSpec, NetworkSpec, SecretSpec } from "../../model/platform/spec";
import { planService } from "./plan-services";
import { planVolume } from "./plan-volumes";
import type { PresentSpec } from "./present";

/** What an environment says for everything that its platforms leave out. */
export interface PlanDefaults {
  /** Path of the share on every host. */
  readonly sharePath: string;
  /** Pool that subnets of networks are taken from. */
  readonly platformPool: string;
  /** Endpoint mode of services. */
  readonly discovery: "vip" | "dnsrr";
  /** Publish mode of ports. */
  readonly publish: "ingress" | "host";
}

/** One platform to plan. */
export interface Planned {
  /** Prefix of its names on the swarm. */
  readonly name: string;
  readonly spec: PresentSpec;
}

/** Plans all platforms of an environment: the only place where what they leave out is filled in. */
export function planPlatforms<T extends Planned>(
  platforms: readonly T[],
  defaults: PlanDefaults,
): readonly (T & { readonly plan: PlatformPlan })[] {
  const joined = platforms.map(({ name, spec }) => ({ name, networks: networksOf(name, spec) }));
  const all = joined.flatMap(({ name, networks }) =>
    Object.entries(networks).map(([key, network]) => ({ id: `${name}/${key}`, network })),
  );
  const needy = all.filter(({ network }) => needsSubnet(network)).map(({ id }) => id);
  const stated = platforms.flatMap(({ spec }) =>
    Object.values(spec.networks ?? {}).flatMap(({ subnet, ...network }) => [
      ...(subnet === undefined ? [] : [subnet]),
      ...("moreSubnets" in network ? (network.moreSubnets ?? []) : []),
    ]),
  );
  const subnets = takeSubnets(defaults.platformPool, needy, stated);
  return platforms.map((platform, index) => {
    const networks = mapValues(joined[index]?.networks ?? {}, (network, key) => {
      const subnet = subnets.get(`${platform.name}/${key}`);
      return subnet === undefined || network.kind === "external" ? network : { ...network, subnet };
    });
    return { ...platform, plan: planPlatform(platform, networks, defaults) };
  });
}

/** Whether an overlay is still without a subnet: before planning, or because the pool is used up. */
export function needsSubnet(network: NetworkPlan): boolean {
  if (network.kind === "external") return false;
  return (network.driver ?? "overlay") === "overlay" && network.subnet === undefined;
}

function planPlatform(
  { name, spec }: Planned,
  networks: PlatformPlan["networks"],
  defaults: PlanDefaults,
): PlatformPlan {
  const volumes = mapValues(spec.volumes ?? {}, (volume, key) =>
    planVolume(volume, { platform: name, key, sharePath: defaults.sharePath }),
  );
  return {
    folder: spec.folder,
    images: spec.images ?? {},
    networks,
    volumes,
    secrets: mapValues(spec.secrets ?? {}, (secret, key) => planSecret(secret, name, key)),
    configs: mapValues(spec.configs ?? {}, (config, key) => planConfig(config, name, key)),
    services: mapValues(spec.services, (service, key) =>
      planService(service, { platform: name, key, networks, volumes, defaults }),
    ),
    ...(spec.rollout === undefined ? {} : { rollout: spec.rollout }),
    ...(spec.open === undefined ? {} : { open: spec.open }),
  };
}

/** The networks of a platform, with `default` when a service joins it. */
function networksOf(platform: string, spec: PresentSpec): PlatformPlan["networks"] {
  const services = Object.values(spec.services);
  const joinsDefault = services.some(
    ({ networks }) => networks === undefined || Object.hasOwn(networks, "default"),
  );
  const written = joinsDefault ? { default: {}, ...spec.networks } : (spec.networks ?? {});
  return mapValues(written, (network, key) => planNetwork(network, platform, key));
}

function planNetwork(network: NetworkSpec, platform: string, key: string): NetworkPlan {
  const name = realName(platform, key, network.name);
  if (network.external === true) return { kind: "external", name, subnet: network.subnet };
  return { ...network, kind: "own", name, labels: labelsOf(platform, network.labels) };
}

function planSecret(secret: SecretSpec, platform: string, key: string): SecretPlan {
  if (secret.external !== undefined) return { kind: "external", name: secret.external };
  const own = contentPlan(secret, platform, key);
  if (secret.random !== undefined) return { kind: "random", random: secret.random, ...own };
  if (secret.config !== undefined) return { kind: "config", config: secret.config, ...own };
  if (secret.value !== undefined) return { kind: "value", value: secret.value, ...own };
  return { kind: "file", file: secret.file, ...own };
}

function planConfig(config: ConfigSpec, platform: string, key: string): ConfigPlan {
  if (config.external !== undefined) return { kind: "external", name: config.external };
  const own = contentPlan(config, platform, key);
  if (config.content !== undefined) return { kind: "content", content: config.content, ...own };
  return { kind: "file", file: config.file, ...own };
}

/** What secrets and configs have in common. */
function contentPlan(
  { name, labels, templateDriver }: Pick<SecretSpec, "name" | "labels" | "templateDriver">,
  platform: string,
  key: string,
) {
  return {
    name: realName(platform, key, name),
    labels: labelsOf(platform, labels),
    ...(templateDriver === undefined ? {} : { templateDriver }),
  };
}
