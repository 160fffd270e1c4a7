import type { SwarmAccess } from "../../engine/access";
import type { EngineClient } from "../../engine/client";
import { cause, orGone } from "../../engine/errors";
import { askRegistry } from "../../engine/registry";
import { isPinned, parseImage, pinned } from "../../model/image";
import type { ServiceInputs } from "../../model/service/inputs";
import type { Resolved } from "../../model/service/resolved";
import type { Texts, WirePlatform, WireSpec } from "../../model/service/wire";
import type { ObserveContext } from "../../observe/context";
import { dockerCommand } from "../../observe/docker-command";
import type { KindContext } from "../context";

/** An image as a service's body carries it. */
export interface ResolvedImage {
  readonly image: string;
  readonly platforms?: readonly WirePlatform[];
}

/** Ids of the networks, secrets and configs that a service names. @throws naming all that do not exist */
export async function resolveNames(
  inputs: ServiceInputs,
  context: ObserveContext,
): Promise<Pick<Resolved, "networks" | "secrets" | "configs">> {
  const docker = await context.manager();
  const wanted = {
    networks: Object.values(inputs.networks ?? {}).map(({ name }) => name),
    secrets: Object.values(inputs.secrets ?? {}).map(({ source }) => source),
    configs: Object.values(inputs.configs ?? {}).map(({ source }) => source),
  };
  const [networks, secrets, configs] = await Promise.all([
    networkIds(docker, wanted.networks),
    named(wanted.secrets, docker.secrets),
    named(wanted.configs, docker.configs),
  ]);
  const missing = [
    ...absent("network", wanted.networks, networks),
    ...absent("secret", wanted.secrets, secrets),
    ...absent("config", wanted.configs, configs),
  ];
  if (missing.length > 0) throw new Error(missingText(inputs.name, missing, context));
  return { networks, secrets, configs };
}

function missingText(service: string, missing: readonly string[], context: ObserveContext): string {
  const make = missing.map((one) => {
    const [noun = "", name = ""] = one.split(" ");
    const from = noun === "network" ? "--driver overlay " : "";
    return `${dockerCommand(context)} ${noun} create ${from}${name}${from === "" ? " <file>" : ""}`;
  });
  return [
    `the service ${service} needs ${missing.join(", ")}, which the swarm does not have`,
    "  for an `external` one: give it its own source there, or create it first:",
    ...make.map((command) => `    ${command}`),
    "  for one of the platform's own: npm run refresh, then npm run up",
  ].join("\n");
}

function absent(noun: string, names: readonly string[], ids: Texts): string[] {
  return [...new Set(names)].filter((name) => ids[name] === undefined).map((n) => `${noun} ${n}`);
}

async function networkIds(docker: EngineClient, names: readonly string[]): Promise<Texts> {
  const found = await Promise.all(
    [...new Set(names)].map(async (name) => {
      return [name, (await orGone(docker.swarmNetwork(name)))?.Id] as const;
    }),
  );
  return Object.fromEntries(found.filter((entry): entry is [string, string] => !!entry[1]));
}

async function named(names: readonly string[], objects: EngineClient["secrets"]): Promise<Texts> {
  if (names.length === 0) return {};
  const found = await objects.list({ name: [...new Set(names)] });
  return Object.fromEntries(found.map(({ ID, Spec }) => [Spec.Name ?? "", ID]));
}

/** Names, by id, of the networks that a live service is attached to; a removed one has no name. */
export async function networkNames(live: WireSpec, context: SwarmAccess): Promise<Texts> {
  const docker = await context.manager();
  const ids = (live.TaskTemplate?.Networks ?? []).map(({ Target }) => Target ?? "");
  const found = await Promise.all(ids.map((id) => orGone(docker.swarmNetwork(id))));
  return Object.fromEntries(
    found.flatMap((one) => (one === undefined ? [] : [[one.Id, one.Name]])),
  );
}

/** Pins a tag to its current digest in the registry. Keeps the tag, with a warning, when the registry does not answer. */
export async function resolveImage(image: string, context: KindContext): Promise<ResolvedImage> {
  const parts = parseImage(image);
  if ("wrong" in parts || isPinned(image)) return { image };
  try {
    const { Descriptor, Platforms } = await askRegistry(image, context);
    const platforms = (Platforms ?? [])
      .filter(({ os = "unknown" }) => os !== "unknown")
      .map(({ os, architecture }) => ({ Architecture: architecture, OS: os }));
    return {
      image: pinned(image, Descriptor.digest),
      platforms: platforms.length === 0 ? undefined : platforms,
    };
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.warn(
      `${image} keeps its tag because the manager could not get its digest from the registry ` +
        `(${cause(error)}); nodes may run different builds of it`,
    );
    return { image };
  }
}
