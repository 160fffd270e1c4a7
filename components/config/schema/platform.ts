import { z } from "zod";
import { writtenOf } from "../../model/fields/types";
import { configFields, secretFields } from "../../model/kinds/content";
import { networkFields } from "../../model/kinds/network";
import { volumeFields } from "../../model/kinds/volume";
import type {
  ConfigSpec,
  NetworkSpec,
  PlatformSpec,
  SecretSpec,
  VolumeSpec,
} from "../../model/platform/spec";
import {
  address,
  cidr,
  duration,
  flag,
  keyed,
  list,
  matching,
  object,
  part,
  text,
  texts,
  whole,
} from "./fields";
import { serviceSchema } from "./service";

const realName = matching(
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
  "a name of letters, digits, `-`, `_` and `.`",
);

const image = object({
  context: text("a folder in the platform's folder such as `./web`"),
  dockerfile: text("a path below the context such as `Dockerfile`").optional(),
  args: texts.optional(),
  target: text("a stage of the Dockerfile").optional(),
});

// What is external may still have the fields of a network or volume that the platform makes: the
// environment file makes something external by adding to it.
const network = object({
  ...writtenOf(networkFields),
  name: realName.optional(),
  external: flag.optional(),
  subnet: cidr("10.201.7.0/24").optional(),
  moreSubnets: list(cidr("10.201.8.0/24"), "a list such as `[10.201.8.0/24]`").optional(),
  gateway: address.optional(),
}).transform(({ external, ...own }): NetworkSpec => {
  return external === true ? { external, name: own.name, subnet: own.subnet } : own;
});

const relativePath = matching(/^[^/]/, "a path in the platform's folder such as `seed/data.json`");

// Swarm fills templates in where it makes the volume.
const volumeName = matching(
  /^(?:[a-zA-Z0-9]|\{\{[^{}]*\}\})(?:[a-zA-Z0-9_.-]|\{\{[^{}]*\}\})*$/,
  "a name of letters, digits, `-`, `_` and `.`, or with templates such as `{{.Task.Slot}}`",
);

const seedTarget = matching(
  /^(?!(.*\/)?\.\.(\/|$))[^\n]+$/,
  "a path in the volume such as `prompts`, without `..`",
);

const { node: _, ...ofVolume } = writtenOf(volumeFields);
const volume = object({
  ...ofVolume,
  name: volumeName.optional(),
  // Empty text leaves the driver to Docker.
  driver: text("a volume driver such as `local`").optional(),
  external: flag.optional(),
  shared: flag.optional(),
  everyNode: flag.optional(),
  onDelete: ofVolume.onDelete.optional(),
  seed: keyed(seedTarget, relativePath, "a map of path in the volume to file").optional(),
}).transform(({ external, shared, driver, driverOptions, ...own }, context): VolumeSpec => {
  const refuse = (field: string, found: string, message: string) => {
    const params = { found, fix: `remove \`${field}\`` };
    context.addIssue({ code: "custom", path: [field], message, params });
  };
  if (shared === true && driverOptions !== undefined) {
    const allowed = "`shared` or `driverOptions`: the share has its own options";
    refuse("driverOptions", "driverOptions next to shared: true", allowed);
  }
  if (external === true && own.seed !== undefined) {
    const allowed = "`seed` only for a volume that the platform makes";
    refuse("seed", "a seed next to external: true", allowed);
  }
  if (external === true) return { external, name: own.name };
  return shared === true ? { shared, ...own } : { driver, driverOptions, ...own };
});

const ofSecret = writtenOf(secretFields);
const secret = object({
  random: ofSecret.random,
  config: matching(/^[A-Za-z0-9][\w.-]*$/, "a key of Pulumi config such as `apiToken`").optional(),
  file: relativePath.optional(),
  external: realName.optional(),
  value: text().optional(),
  name: realName.optional(),
  templateDriver: ofSecret.templateDriver,
  labels: ofSecret.labels,
}).transform(({ random, config, file, external, value, ...rest }, context): SecretSpec => {
  // Programs alone give the value itself, so no message offers it.
  const sources = { random, config, file, external, ...(value === undefined ? {} : { value }) };
  if (!hasOneSource(sources, "`random: 32`", context)) return z.NEVER;
  if (random !== undefined) return { random, ...rest };
  if (config !== undefined) return { config, ...rest };
  if (file !== undefined) return { file, ...rest };
  if (value !== undefined) return { value, ...rest };
  return external === undefined ? z.NEVER : { external, ...rest };
});

const ofConfig = writtenOf(configFields);
const config = object({
  content: text().optional(),
  file: relativePath.optional(),
  external: realName.optional(),
  name: realName.optional(),
  templateDriver: ofConfig.templateDriver,
  labels: ofConfig.labels,
}).transform(({ content, file, external, ...rest }, context): ConfigSpec => {
  if (!hasOneSource({ content, file, external }, "`file: <path>`", context)) return z.NEVER;
  if (content !== undefined) return { content, ...rest };
  if (file !== undefined) return { file, ...rest };
  return external === undefined ? z.NEVER : { external, ...rest };
});

/** Whether there is exactly one source; none or several are reported. */
function hasOneSource(sources: object, example: string, context: z.core.$RefinementCtx): boolean {
  const stated = Object.entries(sources).flatMap(([key, value]) =>
    value === undefined ? [] : key,
  );
  if (stated.length === 1) return true;
  const names = stated.join(", ");
  const params =
    stated.length === 0
      ? { found: "no source", fix: example }
      : { found: `${stated.length} sources: ${names}`, fix: `only one of ${names}` };
  const message = `exactly one of ${Object.keys(sources).join(", ")}`;
  context.addIssue({ code: "custom", message, params });
  return false;
}

/** Schema of a platform. */
export const platformSchema = object({
  folder: text("the absolute path of the platform's folder, such as `__dirname`"),
  images: keyed(part, image).optional(),
  networks: keyed(part, network).optional(),
  volumes: keyed(part, volume).optional(),
  secrets: keyed(part, secret).optional(),
  configs: keyed(part, config).optional(),
  services: keyed(part, serviceSchema, "a map of services"),
  rollout: object({ timeout: duration.optional(), steady: duration.optional() }).optional(),
  open: object({
    service: text("the key of a service"),
    target: whole(1, 65535, 80),
    path: text("a path such as `/`").optional(),
  }).optional(),
}) satisfies z.ZodType<PlatformSpec>;

type Missing = Exclude<keyof PlatformSpec, keyof z.infer<typeof platformSchema>>;
const complete: [Missing] extends [never] ? true : Missing = true;
void complete;
