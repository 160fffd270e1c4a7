import { z } from "zod";
import { awsGroupFields, awsSchema } from "./aws";
import {
  cidr,
  duration,
  flag,
  key,
  keyed,
  list,
  loose,
  map,
  matching,
  object,
  oneOf,
  text,
  whole,
} from "./fields";
import { registriesSchema, registrySchema } from "./registry";

const groupName = matching(
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  "a name of small letters, digits and `-` that starts and ends with a letter or digit",
);

const kind = oneOf("local", "aws", "ssh");

const labelKey = matching(
  /^[a-zA-Z0-9][\w./-]*$/,
  "a label of letters, digits, `.`, `-` and `_` such as `db`",
);

const labels = z.union([list(labelKey, "a list"), keyed(labelKey, loose)], {
  error: "a list such as `[db]` or a map such as `{ zone: a }`",
});

const group = object({
  kind: kind.optional(),
  role: oneOf("manager", "worker").optional(),
  labels: labels.optional(),
  count: whole(0, 500, 1).optional(),
  names: list(
    text("the name of a host such as `db-0`"),
    "a list such as `[db-0, db-1]`",
  ).optional(),
  resources: map(whole(1), "a map such as `{ NVIDIA-GPU: 1 }`").optional(),
  only: list(
    text("the name of an environment such as `prod`"),
    "a list such as `[prod]`",
  ).optional(),
  ...awsGroupFields,
});

const hosts = object(
  {
    kind: kind.optional(),
    groups: keyed(groupName, group, "a map such as `{ platform: { role: manager } }`"),
    local: object({
      subnet: cidr("10.64.0.0/16").optional(),
      sshPortBase: whole(1024, 60000, 20000).optional(),
      portOffset: whole(0, 60000, 0).optional(),
    }).optional(),
    labelKey: z
      .union([labelKey, z.literal(""), z.null()], {
        error: "a label such as `target`, or null to switch it off",
      })
      .optional(),
  },
  "{ groups: { platform: { role: manager } } }",
);

// It stands in mount units and file system tables, and hides what was there before.
const sharePath = matching(
  /^(?!\/(bin|boot|dev|etc|lib|lib32|lib64|libx32|proc|root|run|sbin|sys|tmp|usr|var)(\/|$))(\/(?!\.{1,2}(\/|$))[\w.-]+)+$/,
  "an absolute path of letters, digits, `.`, `-` and `_` outside the system's folders, such as `/mnt/share`",
);

const share = object({
  kind: oneOf("none", "directory", "nfs", "efs").optional(),
  path: sharePath.optional(),
  data: oneOf("keep", "delete").optional(),
  fileSystemId: matching(
    /^fs-[0-9a-f]+$/,
    "the id of a file system, such as `fs-0123456789abcdef0`",
  ).optional(),
});

const swarm = object({
  firstManager: text("the name of a manager").optional(),
  addressPools: list(cidr("10.200.0.0/16"), "a list such as `[10.200.0.0/16]`").optional(),
  platformPool: cidr("10.201.0.0/16").optional(),
  discovery: oneOf("vip", "dnsrr").optional(),
  publish: oneOf("ingress", "host").optional(),
  drainTimeout: duration.optional(),
});

const change = z.record(z.string(), z.unknown(), { error: "a map" }).nullable().optional();

// Only the shape: what the changes make of the platform is checked with the platform's own schema.
const platform = object({
  from: matching(/^[\w-]+$/, "the name of a folder in platforms/ such as `demo`").optional(),
  images: change,
  networks: change,
  volumes: change,
  secrets: change,
  configs: change,
  services: change,
  rollout: change,
  open: change,
});

/** Schema of the values of an environment file, keyed without `swarmyard:`. */
export const fileSchema = object({
  base: text("the name of one of the bases in Pulumi.yaml").optional(),
  prefix: matching(
    /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
    "up to 20 small letters, digits and `-`, such as `yard`",
  ).optional(),
  timeToLive: matching(/^[1-9]\d*[hd]$/, "a time such as `12h` or `3d`").optional(),
  protected: flag.optional(),
  hosts,
  share: share.optional(),
  registry: registrySchema.optional(),
  registries: registriesSchema.optional(),
  swarm: swarm.optional(),
  aws: awsSchema.optional(),
  platforms: keyed(key, platform, "a map such as `{ demo: {} }`").optional(),
});

/** An environment file as it was written, checked. */
export type FileSettings = z.infer<typeof fileSchema>;

/** A group as it was written, checked. */
export type FileGroup = z.infer<typeof group>;

/** Keys of a group that only a group of kind aws may have. */
export const awsGroupKeys = Object.keys(awsGroupFields) as readonly (keyof typeof awsGroupFields)[];

/** All keys of a group. */
export const groupKeys = Object.keys(group.shape);
