import { NAMESPACE_LABEL } from "../../components/model/platform/names";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type { VolumeSpec } from "../../components/model/platform/spec";
import { observe } from "../../components/model/service/decode";
import type { NetworkAttachment, ServiceInputs } from "../../components/model/service/inputs";
import { isJobMode } from "../../components/model/service/mode";
import type { LiveService } from "../../components/model/service/wire";

/** Label by which `docker stack deploy` remembers an image's text; it means nothing to us. */
const IMAGE_LABEL = "com.docker.stack.image";

/** Gives each thing that a service uses its key in the platform, and remembers that it is used. */
export interface Keys {
  network(name: string): string;
  secret(name: string): string;
  config(name: string): string;
  volume(name: string, volume: VolumeSpec): string;
}

/** The stack that a service is of; undefined for one that was made alone. */
export function stackOf({ Spec }: LiveService): string | undefined {
  return Spec.Labels?.[NAMESPACE_LABEL];
}

/** The inputs that a live service has, with its image as people write it. Pure. */
export function inputsOf(
  { Spec }: LiveService,
  networks: { readonly [id: string]: string },
): ServiceInputs {
  const resolvedImage = Spec.TaskTemplate?.ContainerSpec?.Image ?? "";
  const { forceUpdate: _, labels = {}, ...seen } = observe(Spec, { networks, resolvedImage });
  const { [IMAGE_LABEL]: __, ...others } = labels;
  // A job runs again when any label changes.
  const rest = isJobMode(seen.mode) ? labels : others;
  const own = Object.keys(rest).length === 0 ? {} : { labels: rest };
  return { ...seen, ...own, image: imageText(resolvedImage) };
}

/** An image as people write it: the tag stands for its digest. Pure. */
export function imageText(image: string): string {
  const [tagged = ""] = image.split("@");
  return /:[^/]+$/.test(tagged) ? tagged : image;
}

/**
 * A service of a platform that makes the same tasks as these inputs. Pure.
 *
 * @param key its key in the platform
 * @param stack the platform's namespace. @default none
 */
export function serviceSpec(
  inputs: ServiceInputs,
  { key, stack, keys }: { readonly key: string; readonly stack?: string; readonly keys: Keys },
): ServiceSpec {
  const {
    name: _,
    networks = {},
    labels,
    containerLabels,
    mounts,
    secrets,
    configs,
    ...same
  } = inputs;
  const { wait: __, waitFor: ___, timeout: ____, ...rest } = same;
  return {
    ...rest,
    ...textsWithout(stack, { labels, containerLabels }),
    networks: Object.fromEntries(
      Object.values(networks).map(({ name, ...attachment }) => [
        keys.network(name),
        stack === undefined ? attachment : withoutAlias(attachment, key),
      ]),
    ),
    ...(mounts === undefined ? {} : { mounts: mountsOf(mounts, keys) }),
    ...filesOf("secrets", secrets, (one) => keys.secret(one)),
    ...filesOf("configs", configs, (one) => keys.config(one)),
  };
}

type Texts = { readonly [key: string]: string };

/** The platform adds the label of its stack. */
function textsWithout(
  stack: string | undefined,
  all: { readonly labels: Texts | undefined; readonly containerLabels: Texts | undefined },
): { labels?: Texts; containerLabels?: Texts } {
  return Object.fromEntries(
    Object.entries(all).flatMap(([field, texts = {}]) => {
      const kept = Object.entries(texts).filter(
        ([key, value]) => key !== NAMESPACE_LABEL || value !== stack,
      );
      return kept.length === 0 ? [] : [[field, Object.fromEntries(kept)]];
    }),
  );
}

/** The platform adds the key as an alias. */
function withoutAlias(
  { aliases = [], ...attachment }: Omit<NetworkAttachment, "name">,
  key: string,
) {
  const others = aliases.filter((alias) => alias !== key);
  return { ...attachment, ...(others.length === 0 ? {} : { aliases: others }) };
}

function mountsOf(mounts: NonNullable<ServiceInputs["mounts"]>, keys: Keys) {
  return Object.fromEntries(
    Object.entries(mounts).map(([target, mount]) => {
      const { source, volume } = mount;
      if (mount.type !== "volume" || source === undefined) return [target, mount];
      const { driver, driverOptions, ...options } = volume ?? {};
      const made: VolumeSpec =
        driver === undefined && driverOptions === undefined
          ? { external: true, name: source }
          : // Empty text leaves the driver to Docker.
            { name: source, driver: driver ?? "", ...(driverOptions ? { driverOptions } : {}) };
      const { volume: _, ...plain } = mount;
      const left = Object.keys(options).length === 0 ? {} : { volume: options };
      return [target, { ...plain, source: keys.volume(source, made), ...left }];
    }),
  );
}

function filesOf<S extends "secrets" | "configs">(
  section: S,
  files: ServiceInputs[S],
  keyOf: (name: string) => string,
): { [K in S]?: ServiceSpec[K] } | object {
  if (files === undefined) return {};
  const named = Object.entries(files).map(([target, file]) => [
    target,
    { ...file, source: keyOf(file.source) },
  ]);
  return { [section]: Object.fromEntries(named) };
}
