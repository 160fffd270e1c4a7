import type { Keys } from "../problem";

/** Fields of a service whose key in a compose file is another; `*` is any key. What is below them keeps its name. */
const OF_SERVICE: { readonly [field: string]: string } = {
  env: "environment",
  containerLabels: "labels",
  groups: "group_add",
  workingDir: "working_dir",
  openStdin: "stdin_open",
  readOnly: "read_only",
  stopSignal: "stop_signal",
  stopGracePeriod: "stop_grace_period",
  extraHosts: "extra_hosts",
  "dns.nameservers": "dns",
  "dns.search": "dns_search",
  "dns.options": "dns_opt",
  capAdd: "cap_add",
  capDrop: "cap_drop",
  oomScoreAdj: "oom_score_adj",
  dependsOn: "depends_on",
  mounts: "volumes",
  "mounts.*.readOnly": "volumes.*.read_only",
  "mounts.*.volume.noCopy": "volumes.*.volume.nocopy",
  "mounts.*.bind.create": "volumes.*.bind.create_host_path",
  "healthcheck.startPeriod": "healthcheck.start_period",
  "healthcheck.startInterval": "healthcheck.start_interval",
  privileges: "security_opt",
  "privileges.credentialSpec": "credential_spec",
  route: "x-route",
  labels: "deploy.labels",
  mode: "deploy.mode",
  replicas: "deploy.replicas",
  endpointMode: "deploy.endpoint_mode",
  placement: "deploy.placement",
  "placement.maxReplicasPerNode": "deploy.placement.max_replicas_per_node",
  "placement.spread": "deploy.placement.preferences",
  "placement.platforms": "platform",
  resources: "deploy.resources",
  "resources.reservations.generic": "deploy.resources.reservations.generic_resources",
  restart: "deploy.restart_policy",
  "restart.maxAttempts": "deploy.restart_policy.max_attempts",
  update: "deploy.update_config",
  "update.failureAction": "deploy.update_config.failure_action",
  "update.maxFailureRatio": "deploy.update_config.max_failure_ratio",
  rollback: "deploy.rollback_config",
  "rollback.failureAction": "deploy.rollback_config.failure_action",
  "rollback.maxFailureRatio": "deploy.rollback_config.max_failure_ratio",
};

const OF_OTHERS: { readonly [field: string]: string } = {
  "networks.*.encrypted": "networks.*.driver_opts.encrypted",
  "networks.*.options": "networks.*.driver_opts",
  "networks.*.subnet": "networks.*.ipam.config.subnet",
  "networks.*.moreSubnets": "networks.*.ipam.config",
  "networks.*.gateway": "networks.*.ipam.config.gateway",
  "volumes.*.driverOptions": "volumes.*.driver_opts",
  "secrets.*.config": "secrets.*.environment",
  "secrets.*.templateDriver": "secrets.*.template_driver",
  "configs.*.templateDriver": "configs.*.template_driver",
  "images.*": "services.*.build",
  "images.*.dockerfileText": "services.*.build.dockerfile_inline",
  "images.*.extraHosts": "services.*.build.extra_hosts",
  "images.*.shmSize": "services.*.build.shm_size",
  "images.*.ulimits": "services.*.build.ulimits",
  "images.*.entitlements": "services.*.build.entitlements",
  "images.*.noCache": "services.*.build.no_cache",
  "images.*.contexts": "services.*.build.additional_contexts",
  "images.*.cacheFrom": "services.*.build.cache_from",
  "images.*.cacheTo": "services.*.build.cache_to",
};

/** Keys in a platform, and what a compose file calls them, for all that differ: `services.*.env` is `services.*.environment`. */
export const COMPOSE_NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(OF_SERVICE).map(
    ([field, key]) => [`services.*.${field}`, `services.*.${key}`] as const,
  ),
  ...Object.entries(OF_OTHERS),
]);

/** What only an environment file, or a platform in TypeScript, can say of a platform; `*` is any key. */
export const NOT_IN_COMPOSE: readonly string[] = [
  "rollout",
  "open",
  "directories",
  "creates",
  "volumes.*.shared",
  "volumes.*.everyNode",
  "volumes.*.directory",
  "volumes.*.onDelete",
  "volumes.*.seed",
  "services.*.maxConcurrent",
  "services.*.run",
];

/**
 * The keys that a compose file has for keys of a platform. Pure.
 *
 * @example
 * composeKeys(["services", "web", "endpointMode"]); // ["services", "web", "deploy", "endpoint_mode"]
 */
export function composeKeys(keys: Keys): Keys {
  for (let length = keys.length; length > 0; length--) {
    const found = named(keys.slice(0, length));
    if (found !== undefined) return [...found, ...keys.slice(length)];
  }
  return keys;
}

/** The name in the table for exactly these keys. */
function named(keys: Keys): Keys | undefined {
  for (const [field, key] of COMPOSE_NAMES) {
    const parts = field.split(".");
    if (parts.length !== keys.length) continue;
    if (!parts.every((part, at) => part === "*" || part === keys[at])) continue;
    const free = keys.filter((_, at) => parts[at] === "*");
    let next = 0;
    return key.split(".").map((part) => (part === "*" ? (free[next++] ?? part) : part));
  }
  return undefined;
}

/**
 * A field of a service for a reader who may have written either: by both names where they differ. Pure.
 *
 * @example
 * bothNames("endpointMode: dnsrr"); // "`endpointMode: dnsrr` (in a compose file `deploy.endpoint_mode: dnsrr`)"
 */
export function bothNames(written: string): string {
  const [, field = "", rest = ""] = /^([\w.]+)(.*)$/s.exec(written) ?? [];
  const key = composeKeys(["services", "*", ...field.split(".")])
    .slice(2)
    .join(".");
  return key === field ? `\`${written}\`` : `\`${written}\` (in a compose file \`${key}${rest}\`)`;
}
