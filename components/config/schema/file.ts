import { z } from "zod";
import { LOCAL_ENGINES } from "../../model/local-engines";
import { awsGroupFields, awsSchema } from "./aws";
import {
  cidr,
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
  texts,
  whole,
} from "./fields";
import { platformEntry } from "./platform-entry";
import { registriesSchema, registrySchema } from "./registry";
import { nfsFields, sharePath } from "./share";
import { sshGroupFields } from "./ssh";
import { nodeAddressFields, swarmSchema } from "./swarm";

const groupName = matching(
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  "a name of lowercase letters, digits and `-` that starts and ends with a letter or digit",
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
  /** What the machines of the group are. @default that of `hosts` */
  kind: kind.optional(),
  /** What its nodes are in the swarm. @default worker */
  role: oneOf("manager", "worker").optional(),
  /** Labels of its nodes; a list means `true` for each. @default none @example [db] */
  labels: labels.optional(),
  /** Machines of the group, named `<prefix>-<env>-<group>-<n>`. @default 1 */
  count: whole(0, 500, 1).optional(),
  /** Names of the machines instead of a count. @default none @example [db-0, db-1] */
  names: list(
    text("the name of a host such as `db-0`"),
    "a list such as `[db-0, db-1]`",
  ).optional(),
  /** Generic resources of each node. @default on AWS the GPUs of the instance type @example { NVIDIA-GPU: 1 } */
  resources: map(whole(1), "a map such as `{ NVIDIA-GPU: 1 }`").optional(),
  /** Settings of its Docker engines, as in `daemon.json`, over ours. @default none @example { log-driver: journald } */
  daemon: map(z.unknown(), "a map such as `{ log-driver: journald }`").optional(),
  /** Environments that have this group. @default all @example [prod] */
  only: list(
    text("the name of an environment such as `prod`"),
    "a list such as `[prod]`",
  ).optional(),
  /** Docker engine of local hosts, by the Debian release that has it: 20.10 in 12, 26.1 in 13, the newest in sid. @default that of `hosts.local` @example debian-12 */
  engine: oneOf(...LOCAL_ENGINES).optional(),
  ...nodeAddressFields,
  ...awsGroupFields,
  ...sshGroupFields,
});

const hosts = object(
  {
    /** Kind of the machines of groups that state none. @default local */
    kind: kind.optional(),
    /** Groups of identical machines. @example { platform: { role: manager } } */
    groups: keyed(groupName, group, "a map such as `{ platform: { role: manager } }`"),
    /** Settings of local hosts. @default taken from the name of the environment */
    local: object({
      /** Network of the hosts. @default a /16 that depends on the name of the environment @example 10.64.0.0/16 */
      subnet: cidr("10.64.0.0/16").optional(),
      /** First port on this machine for SSH to the hosts. @default 20000 */
      sshPortBase: whole(1024, 60000, 20000).optional(),
      /** Number added to published ports on this machine. @default 0 for `local`, else 1000 to 20000 by the name of the environment */
      portOffset: whole(0, 60000, 0).optional(),
      /** Docker engine of groups that state none, and the Debian release of registry and entry. @default debian-13; an environment that exists keeps what it has */
      engine: oneOf(...LOCAL_ENGINES).optional(),
    }).optional(),
    /** Label that has the one label of a node as its value; null switches it off. @default target */
    labelKey: z
      .union([labelKey, z.literal(""), z.null()], {
        error: "a label such as `target`, or null to switch it off",
      })
      .optional(),
  },
  "{ groups: { platform: { role: manager } } }",
);

const share = object({
  /** Where the folder is that every host sees. @default directory, efs when all hosts are on AWS, none with existing machines */
  kind: oneOf("none", "directory", "nfs", "existing", "efs").optional(),
  /** Path of the share on every host, outside the system's folders. @default /mnt/share */
  path: sharePath.optional(),
  /** What `down` does with the data. @default delete; keep for nfs and existing, whose data it never touches */
  data: oneOf("keep", "delete").optional(),
  ...nfsFields,
  /** An existing EFS file system. @default a new one @example fs-0123456789abcdef0 */
  fileSystemId: matching(
    /^fs-[0-9a-f]+$/,
    "the id of a file system, such as `fs-0123456789abcdef0`",
  ).optional(),
  /** Only the machines' role may mount an EFS file system; needs `image: al2023` in all groups. @default false */
  iam: flag.optional(),
});

const standIns = keyed(
  matching(
    /^[a-z0-9][a-z0-9._/:-]*\*?$/,
    "a repository as in image names such as `redis`, or its beginning and `*` such as `my-team/*`",
  ),
  object({
    /** Folder with the Dockerfile, relative to the environment file. @example stand-ins/redis */
    context: text("a folder relative to the environment file such as `stand-ins/redis`"),
    /** Relative to the context. @default Dockerfile */
    dockerfile: text("a path below the context such as `Dockerfile`").optional(),
    /** Build arguments; `TAG` is the tag of the real image. @default none */
    args: texts.optional(),
    /** Stage of the Dockerfile. @default the last */
    target: text("a stage of the Dockerfile").optional(),
  }),
  "a map such as `{ redis: { context: stand-ins/redis } }`",
);

/** Schema of the values of an environment file, keyed without `swarmyard:`. */
export const fileSchema = object({
  /** Name of one of the bases in Pulumi.yaml, which this file changes. @default none */
  base: text("the name of one of the bases in Pulumi.yaml").optional(),
  /** Beginning of the names of machines and cloud resources. @default yard */
  prefix: matching(
    /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
    "up to 20 lowercase letters, digits and `-`, such as `yard`",
  ).optional(),
  /** Time after which CI destroys the environment. @default never @example 12h */
  timeToLive: matching(/^[1-9]\d*[hd]$/, "a time such as `12h` or `3d`").optional(),
  /** Pulumi and AWS refuse to delete machines, share and swarm. @default false */
  protected: flag.optional(),
  /** The machines. */
  hosts,
  /** A folder that every host sees. @default those of each key */
  share: share.optional(),
  /** Where images built here are pushed. @default those of each key */
  registry: registrySchema.optional(),
  /** Logins of registries by host. @default none */
  registries: registriesSchema.optional(),
  /** Settings of the swarm. @default those of each key */
  swarm: swarmSchema.optional(),
  /** Settings of AWS. @default those of each key */
  aws: awsSchema.optional(),
  /** Small images that `--stand-ins` builds in place of the real ones, by repository. @default none @example { redis: { context: stand-ins/redis } } */
  standIns: standIns.optional(),
  /** Platforms that run here, with what this environment changes in them. @default none @example { demo: {} } */
  platforms: keyed(key, platformEntry, "a map such as `{ demo: {} }`").optional(),
});

/** A checked environment file, as it was written. */
export type FileSettings = z.infer<typeof fileSchema>;

/** A group as it was written, checked. */
export type FileGroup = z.infer<typeof group>;

/** Keys of a group that only a group of kind aws may have. */
export const awsGroupKeys = Object.keys(awsGroupFields) as readonly (keyof typeof awsGroupFields)[];

/** Keys of a group that only a group of kind ssh may have. */
export const sshGroupKeys = Object.keys(sshGroupFields) as readonly (keyof typeof sshGroupFields)[];

/** All keys of a group. */
export const groupKeys = Object.keys(group.shape);
