import { takeSubnets } from "../../model/addresses/subnets";
import { MTU_OPTION } from "../../model/kinds/network";
import { mapValues } from "../../model/merge";
import { labelsOf, namespaceOf, realName } from "../../model/platform/names";
import type { ConfigPlan, NetworkPlan, PlatformPlan, SecretPlan } from "../../model/platform/plan";
import type { ConfigSpec, NetworkSpec, SecretSpec } from "../../model/platform/spec";
import { type Shareable, withOwners } from "./owners";
import { planOpen } from "./plan-open";
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
  /** Hostname of tasks. */
  readonly hostname: "container" | "task";
  /** Bytes of the largest packet of overlay networks. @default Docker's */
  readonly mtu?: number;
  /** Whether overlay networks are encrypted. @default false */
  readonly encrypted?: boolean;
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
  const joined = platforms.map(({ name, spec }) => ({
    name,
    networks: networksOf(name, spec, defaults),
  }));
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
  const parts = platforms.map((platform, index) => {
    const networks = mapValues(joined[index]?.networks ?? {}, (network, key) => {
      const subnet = subnets.get(`${platform.name}/${key}`);
      return subnet === undefined || network.kind === "external" ? network : { ...network, subnet };
    });
    return { platform: platform.name, networks, ...planContents(platform, defaults) };
  });
  const owned = withOwners(parts);
  return platforms.map((platform, index) => {
    return { ...platform, plan: planPlatform(platform, owned[index] ?? nothing, defaults) };
  });
}

const nothing = { networks: {}, volumes: {}, secrets: {}, configs: {} };

/** Whether an overlay is still without a subnet: before planning, or because the pool is used up. */
export function needsSubnet(network: NetworkPlan): boolean {
  if (network.kind === "external") return false;
  return (network.driver ?? "overlay") === "overlay" && network.subnet === undefined;
}

function planContents({ name, spec }: Planned, { sharePath }: PlanDefaults) {
  const namespace = namespaceOf(name, spec);
  return {
    volumes: mapValues(spec.volumes ?? {}, (volume, key) =>
      planVolume(volume, { platform: name, namespace, key, sharePath }),
    ),
    secrets: mapValues(spec.secrets ?? {}, (secret, key) => planSecret(secret, namespace, key)),
    configs: mapValues(spec.configs ?? {}, (config, key) => planConfig(config, namespace, key)),
  };
}

function planPlatform(
  { name, spec }: Planned,
  used: Shareable,
  defaults: PlanDefaults,
): PlatformPlan {
  const { networks, volumes } = used;
  const namespace = namespaceOf(name, spec);
  const open = planOpen(spec, namespace);
  return {
    folder: spec.folder,
    images: spec.images ?? {},
    ...used,
    services: mapValues(spec.services, (service, key) =>
      planService(service, {
        namespace,
        key,
        services: spec.services,
        networks,
        volumes,
        defaults,
      }),
    ),
    ...(spec.directories === undefined ? {} : { directories: spec.directories }),
    ...(spec.creates === undefined ? {} : { creates: spec.creates }),
    ...(spec.rollout === undefined ? {} : { rollout: spec.rollout }),
    ...(open === undefined ? {} : { open }),
  };
}

/** The networks of a platform, with `default` when a service joins it. */
function networksOf(
  platform: string,
  spec: PresentSpec,
  defaults: PlanDefaults,
): PlatformPlan["networks"] {
  const namespace = namespaceOf(platform, spec);
  const services = Object.values(spec.services);
  const joinsDefault = services.some(
    ({ networks }) => networks === undefined || Object.hasOwn(networks, "default"),
  );
  const written = joinsDefault ? { default: {}, ...spec.networks } : (spec.networks ?? {});
  return mapValues(written, (network, key) => planNetwork(network, namespace, key, defaults));
}

function planNetwork(
  network: NetworkSpec,
  namespace: string | undefined,
  key: string,
  { mtu, encrypted }: PlanDefaults,
): NetworkPlan {
  const name = realName(namespace, key, network.name);
  if (network.external === true) return { kind: "external", name, subnet: network.subnet };
  const own = {
    ...network,
    kind: "own",
    name,
    labels: labelsOf(namespace, network.labels),
  } as const;
  if ((network.driver ?? "overlay") !== "overlay") return own;
  const options = { ...(mtu === undefined ? {} : { [MTU_OPTION]: String(mtu) }), ...own.options };
  return {
    ...own,
    ...(own.encrypted === undefined && encrypted !== undefined ? { encrypted } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

function planSecret(secret: SecretSpec, namespace: string | undefined, key: string): SecretPlan {
  if (secret.external !== undefined) return { kind: "external", name: secret.external };
  const own = contentPlan(secret, namespace, key);
  if (secret.random !== undefined) {
    const rotate = secret.rotate === undefined ? {} : { rotate: secret.rotate };
    return { kind: "random", random: secret.random, ...rotate, ...own };
  }
  if (secret.previous !== undefined) return { kind: "previous", previous: secret.previous, ...own };
  if (secret.config !== undefined) return { kind: "config", config: secret.config, ...own };
  if (secret.value !== undefined) return { kind: "value", value: secret.value, ...own };
  return { kind: "file", file: secret.file, ...own };
}

function planConfig(config: ConfigSpec, namespace: string | undefined, key: string): ConfigPlan {
  if (config.external !== undefined) return { kind: "external", name: config.external };
  const own = contentPlan(config, namespace, key);
  if (config.content !== undefined) return { kind: "content", content: config.content, ...own };
  return { kind: "file", file: config.file, ...own };
}

/** What secrets and configs have in common. */
function contentPlan(
  { name, labels, templateDriver }: Pick<SecretSpec, "name" | "labels" | "templateDriver">,
  namespace: string | undefined,
  key: string,
) {
  return {
    name: realName(namespace, key, name),
    labels: labelsOf(namespace, labels),
    ...(templateDriver === undefined ? {} : { templateDriver }),
  };
}
