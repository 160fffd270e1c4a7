import { suggestion } from "../../model/nearest";
import type { ServiceSpec } from "../../model/platform/service-spec";
import type { ImageBuild } from "../../model/platform/spec";
import type { Keys } from "../../model/problem";
import type { TaskInputs } from "../../model/service/inputs";
import { entriesOf, member, type Node } from "../tree";
import type { Context } from "./context";
import { deployOf, resourcesOf } from "./deploy";
import { environmentOf, labelsOf } from "./environment";
import { filesOf } from "./files";
import { imageOf } from "./image/image";
import { mountsOf } from "./mounts";
import { isServiceName } from "./names";
import { attachmentsOf, hostsOf } from "./networks";
import { portsOf } from "./ports";
import { capabilitiesOf, privilegesOf } from "./privileges";
import { declared, declares } from "./references";
import { remember } from "./remember";
import { routeOf } from "./route";
import { ulimitsOf } from "./ulimits";
import { filled, given } from "./values";

/** Label by which `docker stack` knows the image as it was written. */
const IMAGE_LABEL = "com.docker.stack.image";

/** A service of the file; without an image when that is wrong. */
export interface MadeService {
  readonly spec: Omit<ServiceSpec, "image"> & Pick<Partial<ServiceSpec>, "image">;
  readonly build?: ImageBuild;
}

/** Translates a service, and remembers where each of its fields stands. */
export function serviceOf(name: string, node: Node, context: Context): MadeService {
  const keys = ["services", name];
  const { image, build, written } = imageOf(node, name, context);
  const { labels, ...scheduling } = deployOf(node, keys, context);
  const spec = given({
    image,
    ...container(node, keys, context),
    ...scheduling,
    ...resourcesOf(node, keys, context),
    labels: filled({ ...labels, ...(written === undefined ? {} : { [IMAGE_LABEL]: written }) }),
    ports: portsOf(node, keys, context),
    networks: attachmentsOf(node, keys, context),
    dependsOn: dependenciesOf(node, keys, context),
    route: routeOf(node, keys, context),
  });
  remember(name, node, context);
  return given({ spec, build });
}

function container(
  node: Node,
  keys: Keys,
  context: Context,
): Omit<TaskInputs, "mounts"> & Pick<ServiceSpec, "mounts"> {
  const { values } = context;
  const at = (key: string) => [member(node, key), [...keys, key]] as const;
  return {
    // Docker takes an empty command as none.
    entrypoint: values.words(...at("entrypoint")),
    command: values.words(...at("command")),
    hostname: values.text(...at("hostname")),
    env: environmentOf(node, keys, context),
    containerLabels: labelsOf(node, keys, context),
    user: values.text(...at("user")),
    groups: values.texts(...at("group_add")),
    workingDir: values.text(...at("working_dir")),
    tty: values.flag(...at("tty")),
    openStdin: values.flag(...at("stdin_open")),
    readOnly: values.flag(...at("read_only")),
    init: values.flag(...at("init")),
    stopSignal: values.name(...at("stop_signal")),
    stopGracePeriod: values.duration(...at("stop_grace_period")),
    extraHosts: hostsOf(...at("extra_hosts"), context),
    dns: filled({
      nameservers: values.names(...at("dns")),
      search: values.texts(...at("dns_search")),
      options: values.texts(...at("dns_opt")),
    }),
    sysctls: values.map(...at("sysctls")),
    ...capabilitiesOf(node, keys, context),
    ulimits: ulimitsOf(node, keys, context),
    oomScoreAdj: values.number(...at("oom_score_adj")),
    privileges: privilegesOf(node, keys, context),
    healthcheck: healthcheckOf(member(node, "healthcheck"), [...keys, "healthcheck"], context),
    mounts: mountsOf(node, keys, context),
    secrets: filesOf(node, "secrets", keys, context),
    configs: filesOf(node, "configs", keys, context),
    logging: loggingOf(member(node, "logging"), [...keys, "logging"], context),
  };
}

function healthcheckOf(
  node: Node | undefined,
  keys: Keys,
  { values }: Context,
): TaskInputs["healthcheck"] {
  const at = (key: string) => [member(node, key), [...keys, key]] as const;
  if (values.flag(...at("disable")) === true) return { test: ["NONE"] };
  const test = values.texts(...at("test"));
  return filled({
    test: test?.length === 0 ? undefined : test,
    interval: values.duration(...at("interval")),
    timeout: values.duration(...at("timeout")),
    retries: values.whole(...at("retries")),
    startPeriod: values.duration(...at("start_period")),
    startInterval: values.duration(...at("start_interval")),
  });
}

/** Options without a driver go to the Docker engine's own driver. */
function loggingOf(node: Node | undefined, keys: Keys, { values }: Context): TaskInputs["logging"] {
  return filled({
    driver: values.name(member(node, "driver"), [...keys, "driver"]),
    options: values.map(member(node, "options"), [...keys, "options"]),
  });
}

function dependenciesOf(node: Node, keys: Keys, context: Context): ServiceSpec["dependsOn"] {
  const { values, findings } = context;
  const found = entriesOf(member(node, "depends_on")).flatMap(([key, { at, value }]) => {
    const where = [...keys, "depends_on", key];
    const stated = values.word(member(value, "condition"), [...where, "condition"], CONDITIONS);
    const required = values.flag(member(value, "required"), [...where, "required"]) ?? true;
    const condition = CONDITION_OF[stated ?? "service_started"];
    if (declares(context, "services", key)) {
      return isServiceName(key, context) ? [[key, condition] as const] : [];
    }
    if (required) {
      findings.warn(at, where, {
        found: `${JSON.stringify(key)}, which is not a service of these files; nothing waits for it, as with \`docker stack deploy\``,
        allowed: "one of the services",
        fix: suggestion(key, declared(context, "services").slice(0, 200), "remove it"),
      });
    }
    return [];
  });
  return filled(Object.fromEntries(found));
}

const CONDITION_OF = {
  service_started: "started",
  service_healthy: "healthy",
  service_completed_successfully: "completed",
} as const;

const CONDITIONS = [
  "service_started",
  "service_healthy",
  "service_completed_successfully",
] as const;
