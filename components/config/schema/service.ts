import { z } from "zod";
import type { ServiceSpec } from "../../model/platform/service-spec";
import {
  duration,
  flag,
  keyed,
  list,
  loose,
  map,
  matching,
  object,
  oneOf,
  part,
  quantity,
  size,
  text,
  texts,
  whole,
} from "./fields";

const words = list(text(), 'a list of text such as `["a", "b"]`');

const port = whole(1, 65535, 8080);

const fileMode = whole(0, 0o7777, 0o444);

const healthcheck = object({
  test: list(text(), 'a list such as `["CMD", "redis-cli", "ping"]`').optional(),
  interval: duration.optional(),
  timeout: duration.optional(),
  retries: whole(0, 1000, 3).optional(),
  startPeriod: duration.optional(),
  startInterval: duration.optional(),
});

const mount = object({
  type: oneOf("volume", "bind", "tmpfs"),
  source: text("the key of a volume, or a path on the node").optional(),
  readOnly: flag.optional(),
  volume: object({ noCopy: flag.optional(), labels: texts.optional() }).optional(),
  bind: object({
    propagation: oneOf("private", "rprivate", "shared", "rshared", "slave", "rslave").optional(),
  }).optional(),
  tmpfs: object({ size: size.optional(), mode: fileMode.optional() }).optional(),
});

const fileReference = object({
  source: text("the key of one of the platform's secrets or configs"),
  uid: loose.optional(),
  gid: loose.optional(),
  mode: fileMode.optional(),
});

const ulimit = object({ soft: whole(-1), hard: whole(-1) });

const resources = object({
  limits: object({
    cpus: quantity(0, 0.5).optional(),
    memory: size.optional(),
    pids: whole(0, undefined, 100).optional(),
  }).optional(),
  reservations: object({
    cpus: quantity(0, 0.5).optional(),
    memory: size.optional(),
    generic: map(whole(1), "a map of kind to number such as `{ NVIDIA-GPU: 1 }`").optional(),
  }).optional(),
});

const restart = object({
  condition: oneOf("any", "on-failure", "none").optional(),
  delay: duration.optional(),
  maxAttempts: whole(0, undefined, 3).optional(),
  window: duration.optional(),
});

const placement = object({
  constraints: list(text(), 'a list such as `["node.labels.db == true"]`').optional(),
  spread: list(text(), 'a list such as `["node.labels.zone"]`').optional(),
  maxReplicasPerNode: whole(1).optional(),
  platforms: list(text(), 'a list such as `["linux/amd64"]`').optional(),
});

const ratio = z
  .number({ error: "a number from 0 to 1, such as `0.2`" })
  .refine((value) => value >= 0 && value <= 1, { error: "a number from 0 to 1, such as `0.2`" });

const updatePolicy = object({
  parallelism: whole(0, undefined, 1).optional(),
  delay: duration.optional(),
  failureAction: oneOf("pause", "continue", "rollback").optional(),
  monitor: duration.optional(),
  maxFailureRatio: ratio.optional(),
  order: oneOf("stop-first", "start-first").optional(),
});

const task = {
  image: z.union([z.string(), object({ build: text() })], {
    error: "a reference such as `redis:7`, or `{ build: <key of images> }`",
  }),
  entrypoint: words.optional(),
  command: words.optional(),
  hostname: text().optional(),
  env: map(z.union([loose, z.null()], { error: "text" }), "a map of name to text").optional(),
  containerLabels: texts.optional(),
  user: loose.optional(),
  groups: words.optional(),
  workingDir: text("a path such as `/app`").optional(),
  tty: flag.optional(),
  openStdin: flag.optional(),
  readOnly: flag.optional(),
  init: flag.optional(),
  stopSignal: text("a signal such as `SIGTERM`").optional(),
  stopGracePeriod: duration.optional(),
  extraHosts: texts.optional(),
  dns: object({
    nameservers: words.optional(),
    search: words.optional(),
    options: words.optional(),
  }).optional(),
  sysctls: texts.optional(),
  capAdd: words.optional(),
  capDrop: words.optional(),
  ulimits: map(ulimit, "a map such as `{ nofile: { soft: 1024, hard: 4096 } }`").optional(),
  healthcheck: healthcheck.optional(),
  resources: resources.optional(),
  restart: restart.optional(),
  placement: placement.optional(),
  logging: object({
    driver: text("a log driver such as `json-file`"),
    options: texts.optional(),
  }).optional(),
  forceUpdate: whole(0, undefined, 1).optional(),
};

const scheduling = {
  mode: oneOf("replicated", "global", "replicated-job", "global-job").optional(),
  replicas: whole(0, undefined, 1).optional(),
  maxConcurrent: whole(1).optional(),
  labels: texts.optional(),
  ports: list(
    object({
      target: port,
      published: port.optional(),
      protocol: oneOf("tcp", "udp", "sctp").optional(),
      mode: oneOf("ingress", "host").optional(),
    }),
    "a list such as `[{ target: 80, published: 8080 }]`",
  ).optional(),
  endpointMode: oneOf("vip", "dnsrr").optional(),
  update: updatePolicy.optional(),
  rollback: updatePolicy.optional(),
};

const containerPath = matching(/^\/./, "an absolute path in the container such as `/data`");

/** Schema of one service of a platform. */
export const serviceSchema = object({
  ...task,
  ...scheduling,
  mounts: keyed(containerPath, mount, "a map of path to mount").optional(),
  secrets: map(fileReference, "a map of file to secret").optional(),
  configs: map(fileReference, "a map of path to config").optional(),
  networks: keyed(
    part,
    object({ aliases: words.optional(), driverOptions: texts.optional() }),
    "a map such as `{ default: {} }`",
  ).optional(),
  dependsOn: list(text(), "a list of services such as `[redis]`").optional(),
  only: list(
    text("the name of an environment such as `prod`"),
    "a list such as `[prod]`",
  ).optional(),
  gpus: whole(1).optional(),
}) satisfies z.ZodType<ServiceSpec>;

// Both ways, so that no field of ServiceSpec is forgotten here.
type Missing = Exclude<keyof ServiceSpec, keyof z.infer<typeof serviceSchema>>;
const complete: [Missing] extends [never] ? true : Missing = true;
void complete;
