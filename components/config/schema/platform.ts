import type { z } from "zod";
import { writtenOf } from "../../model/fields/types";
import { configFields, secretFields } from "../../model/kinds/content";
import { networkFields } from "../../model/kinds/network";
import { volumeFields } from "../../model/kinds/volume";
import type { PlatformSpec } from "../../model/platform/spec";
import {
  address,
  cidr,
  duration,
  flag,
  keyed,
  map,
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

const network = object({
  ...writtenOf(networkFields),
  name: realName.optional(),
  external: flag.optional(),
  subnet: cidr("10.201.7.0/24").optional(),
  gateway: address.optional(),
});

const relativePath = matching(/^[^/]/, "a path in the platform's folder such as `seed/data.json`");

const { node: _, ...ofVolume } = writtenOf(volumeFields);
const volume = object({
  ...ofVolume,
  name: realName.optional(),
  external: flag.optional(),
  shared: flag.optional(),
  everyNode: flag.optional(),
  onDelete: ofVolume.onDelete.optional(),
  seed: map(relativePath, "a map of path in the volume to file").optional(),
});

const ofSecret = writtenOf(secretFields);
const secret = object({
  random: ofSecret.random,
  config: matching(/^[A-Za-z0-9][\w.-]*$/, "a key of Pulumi config such as `apiToken`").optional(),
  file: relativePath.optional(),
  external: realName.optional(),
  labels: ofSecret.labels,
});

const ofConfig = writtenOf(configFields);
const config = object({
  content: text().optional(),
  file: relativePath.optional(),
  external: realName.optional(),
  templateDriver: ofConfig.templateDriver,
  labels: ofConfig.labels,
});

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
