import { expect, test } from "vitest";
import { documentedKeys } from "../../components/compose/keys/document";
import { composeWording } from "../../components/compose/wording";
import {
  bothNames,
  COMPOSE_NAMES,
  composeKeys,
} from "../../components/model/platform/compose-names";
import type { Keys } from "../../components/model/problem";

const web = (...keys: Keys) => ["services", "web", ...keys];
const fix = (keys: Keys, text: string) =>
  composeWording("shop").about(keys, { found: "", allowed: "", fix: text }).fix;

test("every key that a compose file calls otherwise is one that it has", () => {
  const known = documentedKeys().map(({ path }) => path);
  // Options of a driver, and items of lists, have no row of their own.
  const inside = [/driver_opts\.encrypted$/, /ipam\.config\.(subnet|gateway)$/];
  const unknown = [...COMPOSE_NAMES.values()].filter(
    (key) =>
      !known.includes(key) &&
      !known.includes(key.replace(/(ipam\.config)\./, "$1.*.")) &&
      !known.includes(key.replace(/\.\*\.volumes\.\*/, ".*.volumes.*")) &&
      !inside.some((one) => one.test(key)),
  );
  expect(unknown).toEqual([]);
});

test.each([
  [web("endpointMode"), web("deploy", "endpoint_mode")],
  [web("mounts", "/data", "readOnly"), web("volumes", "/data", "read_only")],
  [web("update", "order"), web("deploy", "update_config", "order")],
  [web("env", "mode"), web("environment", "mode")],
  [web("image"), web("image")],
  [
    ["images", "web", "cacheFrom", 0],
    ["services", "web", "build", "cache_from", 0],
  ],
  [
    ["images", "web", "args"],
    ["services", "web", "build", "args"],
  ],
  [
    ["volumes", "data", "driverOptions"],
    ["volumes", "data", "driver_opts"],
  ],
  [[], []],
])("%j is %j in a compose file", (keys, there) => {
  expect(composeKeys(keys)).toEqual(there);
});

test.each<[Keys, string, string]>([
  [
    web("ports", 0, "mode"),
    "`mode: host` for the port and `endpointMode: dnsrr`",
    "`mode: host` for the port and `deploy.endpoint_mode: dnsrr`",
  ],
  [web("replicas"), "`replicas: 3`", "`deploy.replicas: 3`"],
  [
    web("run"),
    "leave it out, or `mode: replicated-job`",
    "leave it out, or `deploy.mode: replicated-job`",
  ],
  [web("workingDir"), "`workingDir: /x`", "`working_dir: /x`"],
  [web("mounts", "/x"), "`readOnly: true`", "`read_only: true`"],
  [web("mounts", "/x", "source"), "`readOnly: true`", "`read_only: true`"],
  [web(), "`readOnly: true`", "`read_only: true`"],
  [web("update"), "a larger `parallelism`", "a larger `parallelism`"],
  [
    web("update", "order"),
    "`update: { order: stop-first }`",
    "`deploy.update_config: { order: stop-first }`",
  ],
  [
    web("update", "order"),
    "`update: { failureAction: pause }`",
    "`deploy.update_config: { failure_action: pause }`",
  ],
  [
    web("containerLabels", "a"),
    '`env: { NAME: "{{.Node.ID}}" }`',
    '`environment: { NAME: "{{.Node.ID}}" }`',
  ],
  [web("env", "mode"), "`mode: '{{'`", "`mode: '{{'`"],
  [web("capDrop", 0), "which `capAdd` gives", "which `cap_add` gives"],
  [web("resources", "limits", "memory"), "`memory: 6MiB`, or more", "`memory: 6MiB`, or more"],
  [web("route", "port"), "`route: { host: a, port: 80 }`", "`x-route: { host: a, port: 80 }`"],
  [
    web("dependsOn", "db"),
    "`mode: replicated-job` for db, or `db: healthy`",
    "`deploy.mode: replicated-job` for db, or `db: { condition: service_healthy }`",
  ],
  [web("privileges", "seccomp", "mode"), "`mode: custom`", "remove it from `security_opt`"],
  [
    web("mounts", "/x", "source"),
    "a volume with `shared: true`",
    "a volume with `shared: true` at swarmyard:platforms.shop",
  ],
  [
    web("update"),
    "`rollout: { timeout: 10m }`",
    "`rollout: { timeout: 10m }` at swarmyard:platforms.shop",
  ],
  [
    web("placement", "constraints", 0),
    "a constraint, or `labels` for a group in swarmyard:hosts",
    "a constraint, or `labels` for a group in swarmyard:hosts",
  ],
  [
    web("replicas"),
    "at most 2: `placement.maxReplicasPerNode: 1`",
    "at most 2: `deploy.placement.max_replicas_per_node: 1`",
  ],
  [["networks", "n", "subnet"], "leave `subnet` out", "leave `ipam.config.subnet` out"],
  [["networks", "n", "gateway"], "remove `gateway`", "remove `ipam.config.gateway`"],
  [web("logging", "driver"), "`driver: json-file`", "`driver: json-file`"],
  [web("secrets", "a", "source"), "`b: …` in `secrets`", "`b: …` in `secrets`"],
])("at %j, %s is %s", (keys, text, told) => {
  expect(fix(keys, text)).toBe(told);
});

test("where it is not known who wrote a service, both names are said, if they differ", () => {
  expect(bothNames("endpointMode: dnsrr")).toBe(
    "`endpointMode: dnsrr` (in a compose file `deploy.endpoint_mode: dnsrr`)",
  );
  expect(bothNames("healthcheck.startPeriod")).toBe(
    "`healthcheck.startPeriod` (in a compose file `healthcheck.start_period`)",
  );
  expect(bothNames("hostname: a")).toBe("`hostname: a`");
});
