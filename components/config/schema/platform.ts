import { z } from "zod";
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
  oneOf,
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
  name: realName.optional(),
  external: flag.optional(),
  driver: text("a network driver such as `overlay`").optional(),
  subnet: cidr("10.201.7.0/24").optional(),
  gateway: address.optional(),
  attachable: flag.optional(),
  internal: flag.optional(),
  encrypted: flag.optional(),
  options: texts.optional(),
  labels: texts.optional(),
});

const relativePath = matching(/^[^/]/, "a path in the platform's folder such as `seed/data.json`");

const volume = object({
  name: realName.optional(),
  external: flag.optional(),
  shared: flag.optional(),
  driver: text("a volume driver such as `local`").optional(),
  driverOptions: texts.optional(),
  everyNode: flag.optional(),
  onDelete: oneOf("keep", "remove").optional(),
  seed: map(relativePath, "a map of path in the volume to file").optional(),
  labels: texts.optional(),
});

const secret = object({
  random: whole(8, 500, 32).optional(),
  config: matching(/^[A-Za-z0-9][\w.-]*$/, "a key of Pulumi config such as `apiToken`").optional(),
  file: relativePath.optional(),
  external: realName.optional(),
  labels: texts.optional(),
});

const config = object({
  content: text().optional(),
  file: relativePath.optional(),
  external: realName.optional(),
  templateDriver: z.enum(["golang"]).optional(),
  labels: texts.optional(),
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
