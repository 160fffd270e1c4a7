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
import { boundBy } from "../platforms/plan-volumes";
import {
  address,
  cidr,
  configKey,
  duration,
  flag,
  keyed,
  list,
  matching,
  object,
  part,
  permissions,
  text,
  whole,
} from "./fields";
import { imageSchema } from "./image";
import { hasOneSource } from "./one-source";
import { serviceSchema } from "./service";

const realName = matching(
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
  "a name of letters, digits, `-`, `_` and `.`",
);

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

const directory = object({
  owner: matching(
    /^[\w.-]+(:[\w.-]+)?$/,
    "a user, or a user and a group, such as `1000:1000`",
  ).optional(),
  mode: permissions.optional(),
});

const seedTarget = matching(
  /^(?!(.*\/)?\.\.(\/|$)).+$/,
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
  directory: directory.optional(),
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
  if (external === true && own.directory !== undefined) {
    const allowed = "`directory` only for a volume that the platform makes";
    refuse("directory", "a directory next to external: true", allowed);
  }
  if (external === true && own.seed !== undefined) {
    const allowed = "`seed` only for a volume that the platform makes";
    refuse("seed", "a seed next to external: true", allowed);
  }
  if (external === true) return { external, name: own.name };
  const binds = boundBy({ driver, driverOptions }) !== undefined;
  const plain = (driver ?? "local") === "local" && Object.keys(driverOptions ?? {}).length === 0;
  if (shared !== true && !binds && own.directory !== undefined) {
    const allowed = "`directory` for a volume on the share, or one that binds a directory";
    refuse("directory", "a directory for a volume that the Docker engine keeps", allowed);
  }
  if (shared !== true && !binds && !plain && own.seed !== undefined) {
    const allowed = "`seed` for a volume on the share, one that binds a directory, or a plain one";
    refuse("seed", "a seed for a volume that is only there while a task mounts it", allowed);
  }
  return shared === true ? { shared, ...own } : { driver, driverOptions, ...own };
});

const ofSecret = writtenOf(secretFields);
const secret = object({
  random: ofSecret.random,
  config: configKey.optional(),
  file: relativePath.optional(),
  external: realName.optional(),
  previous: part.optional(),
  value: text().optional(),
  rotate: text("a text such as `2026-11`").optional(),
  name: realName.optional(),
  templateDriver: ofSecret.templateDriver,
  labels: ofSecret.labels,
}).transform(
  ({ random, config, file, external, previous, value, ...rest }, context): SecretSpec => {
    // Programs alone give the value itself, so no message offers it.
    const own = value === undefined ? {} : { value };
    const sources = { random, config, file, external, previous, ...own };
    if (!hasOneSource(sources, "`random: 32`", context)) return z.NEVER;
    if (random === undefined && rest.rotate !== undefined) {
      const params = { found: "rotate without random", fix: "remove `rotate`" };
      const message = "`rotate` only beside `random`; any other secret changes with its source";
      context.addIssue({ code: "custom", path: ["rotate"], message, params });
    }
    if (random !== undefined) return { random, ...rest };
    if (previous !== undefined) return { previous, ...rest };
    if (config !== undefined) return { config, ...rest };
    if (file !== undefined) return { file, ...rest };
    if (value !== undefined) return { value, ...rest };
    return external === undefined ? z.NEVER : { external, ...rest };
  },
);

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

/** Schema of a platform. */
export const platformSchema = object({
  folder: text("the absolute path of the platform's folder, such as `__dirname`"),
  namespace: flag.optional(),
  images: keyed(part, imageSchema).optional(),
  networks: keyed(part, network).optional(),
  volumes: keyed(part, volume).optional(),
  secrets: keyed(part, secret).optional(),
  configs: keyed(part, config).optional(),
  services: keyed(part, serviceSchema, "a map of services"),
  directories: keyed(
    matching(
      /^\/(?!(.*\/)?\.\.(\/|$))(?!.*\/$).+$/,
      "an absolute path on the nodes such as `/srv/data`, without `..`",
    ),
    directory,
    "a map of path to `{ owner, mode }`",
  ).optional(),
  creates: keyed(
    text("the name of a container label such as `blue.agent`"),
    matching(/^\S/, "the beginning of the label's value such as `default.`"),
    "a map of container label to the beginning of its value",
  ).optional(),
  rollout: object({
    timeout: duration.optional(),
    steady: duration.optional(),
    quietPorts: list(
      whole(1, 65535, 8080),
      "a list of published ports such as `[9229]`",
    ).optional(),
  }).optional(),
  open: object({
    service: text("the key of a service"),
    target: whole(1, 65535, 80).optional(),
    path: text("a path such as `/`").optional(),
  }).optional(),
}) satisfies z.ZodType<PlatformSpec>;

type Missing = Exclude<keyof PlatformSpec, keyof z.infer<typeof platformSchema>>;
const complete: [Missing] extends [never] ? true : Missing = true;
void complete;
