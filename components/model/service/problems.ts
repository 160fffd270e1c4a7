import { isIP } from "node:net";
import { parseImage } from "../image";
import { isSpreadKey, parseConstraint } from "../placement/constraints";
import { parseBytes, parseDuration } from "../quantities";
import {
  all,
  bytes,
  duration,
  fields,
  flag,
  found,
  listOf,
  mapOf,
  number,
  oneOf,
  type Rule,
  required,
  text,
  validate,
} from "../validate";
import type { Failure } from "../values";
import { combinationProblems } from "./combinations";

const SERVICE_NAME = /^(?=.{1,63}$)[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/;
const ENV_NAME = /^[^=\0]+$/;

/** A text that `wrong` has nothing to say about. */
function checkedText(wrong: (value: string) => string | undefined): Rule {
  return all(text(), (value, path, report) => {
    const reason = typeof value === "string" ? wrong(value) : undefined;
    if (reason !== undefined) report(path, `is ${found(value)}: ${reason}`);
  });
}

const image = checkedText((value) => {
  const parsed = parseImage(value);
  return typeof parsed === "string" ? parsed : undefined;
});

const constraint = checkedText((value) => {
  const parsed = parseConstraint(value);
  return typeof parsed === "string" ? parsed : undefined;
});

const spread = checkedText((value) =>
  isSpreadKey(value) ? undefined : "type node.labels.<name> or engine.labels.<name>",
);

const address = checkedText((value) =>
  isIP(value) === 0 ? "no IP address; type for example 10.0.0.2" : undefined,
);

const hostAddress = checkedText((value) =>
  isIP(value) === 0 && value !== "host-gateway" ? "type an IP address or host-gateway" : undefined,
);

/** A duration that the engine accepts in a healthcheck: none, or at least a millisecond. */
const watchTime = all(
  duration(),
  checkedText((value) => {
    const nanoseconds = quantityOf(parseDuration, value);
    return nanoseconds > 0 && nanoseconds < 1e6 ? "the shortest is 1ms" : undefined;
  }),
);

const positiveDuration = all(
  duration(),
  checkedText((value) => (quantityOf(parseDuration, value) === 0 ? "type 1s or more" : undefined)),
);

const memory = all(
  bytes(),
  checkedText((value) =>
    quantityOf(parseBytes, value) < 4 * 2 ** 20 ? "the smallest is 4MiB" : undefined,
  ),
);

/** Infinite when the text is malformed, which another rule reports. */
function quantityOf(parse: (text: string) => number, value: string): number {
  try {
    return parse(value);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const labels = mapOf(text());
const port = (min: number) => number({ min, max: 65535 });
const cpus = number({ min: 0.001, fraction: true });
const count = number({ min: 0 });
const fileMode = number({ min: 0, max: 0o7777 });
const numericId = text(/^\d+$/, 'a numeric id such as "1000"');
const propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

const healthcheck = fields({
  test: all(listOf(text()), (value, path, report) => {
    if (!Array.isArray(value) || value.length === 0 || typeof value[0] !== "string") return;
    if (!["NONE", "CMD", "CMD-SHELL"].includes(value[0])) {
      report(
        path,
        `starts with ${found(value[0])}; type ["CMD", ...], ["CMD-SHELL", "..."] or ["NONE"]`,
      );
    }
  }),
  interval: watchTime,
  timeout: watchTime,
  retries: count,
  startPeriod: watchTime,
  startInterval: watchTime,
});

const mount = fields({
  type: required(oneOf("volume", "bind", "tmpfs"), "type volume, bind or tmpfs"),
  source: text(),
  readOnly: flag(),
  volume: fields({ noCopy: flag(), labels, driver: text(), driverOptions: labels }),
  bind: fields({ propagation: oneOf(...propagations) }),
  tmpfs: fields({ size: bytes(), mode: fileMode }),
});

const fileReference = fields({
  source: required(text(/./, "the name of the secret or config")),
  uid: numericId,
  gid: numericId,
  mode: fileMode,
});

const network = fields({
  name: required(text(/./, "the name of the network")),
  aliases: listOf(text(/./, "a name")),
  driverOptions: labels,
});

const resources = fields({
  limits: fields({ cpus, memory, pids: count }),
  reservations: fields({ cpus, memory, generic: mapOf(required(count)) }),
});

const placement = fields({
  constraints: listOf(constraint),
  spread: listOf(spread),
  maxReplicasPerNode: count,
  platforms: listOf(text(/^[a-z0-9]+\/[\w.-]+$/i, "os/architecture such as linux/amd64")),
});

const policy = (...actions: string[]) =>
  fields({
    parallelism: count,
    delay: duration(),
    failureAction: oneOf(...actions),
    monitor: duration(),
    maxFailureRatio: number({ min: 0, max: 1, fraction: true }),
    order: oneOf("stop-first", "start-first"),
  });

const ulimit = required(
  fields({ soft: required(number({ min: -1 })), hard: required(number({ min: -1 })) }),
);

const task: { readonly [key: string]: Rule } = {
  entrypoint: listOf(text()),
  command: listOf(text()),
  hostname: text(),
  env: mapOf(text(), ENV_NAME, "a name without ="),
  containerLabels: labels,
  user: text(),
  groups: listOf(text()),
  workingDir: text(),
  tty: flag(),
  openStdin: flag(),
  readOnly: flag(),
  init: flag(),
  stopSignal: text(),
  stopGracePeriod: duration(),
  extraHosts: mapOf(hostAddress),
  dns: fields({ nameservers: listOf(address), search: listOf(text()), options: listOf(text()) }),
  sysctls: labels,
  capAdd: listOf(text(/^\w+$/, "a capability such as NET_ADMIN")),
  capDrop: listOf(text(/^\w+$/, "a capability such as NET_ADMIN")),
  ulimits: mapOf(ulimit),
  healthcheck,
  mounts: mapOf(required(mount), /^\//, "an absolute path in the container"),
  secrets: mapOf(required(fileReference)),
  configs: mapOf(required(fileReference)),
  resources,
  restart: fields({
    condition: oneOf("any", "on-failure", "none"),
    delay: duration(),
    maxAttempts: count,
    window: duration(),
  }),
  placement,
  logging: fields({ driver: text(), options: labels }),
  forceUpdate: count,
};

const service = fields({
  ...task,
  name: required(
    text(SERVICE_NAME, "up to 63 letters, digits, - and _, with a letter or digit at both ends"),
  ),
  image: required(image, "type repository:tag, for example redis:7"),
  networks: mapOf(required(network)),
  mode: oneOf("replicated", "global", "replicated-job", "global-job"),
  replicas: count,
  maxConcurrent: number({ min: 1 }),
  labels,
  ports: listOf(
    fields({
      target: required(port(1), "type the port inside the container"),
      published: port(0),
      protocol: oneOf("tcp", "udp", "sctp"),
      mode: oneOf("ingress", "host"),
    }),
  ),
  endpointMode: oneOf("vip", "dnsrr"),
  update: policy("pause", "continue", "rollback"),
  rollback: policy("pause", "continue"),
  wait: flag(),
  timeout: positiveDuration,
});

/** Everything that is wrong with the inputs of a Service, each with where, what and what to type. */
export function serviceProblems(inputs: unknown): Failure[] {
  return [...validate(service, inputs), ...combinationProblems(inputs)];
}
