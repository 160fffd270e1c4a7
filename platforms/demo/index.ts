import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type { PlatformSpec } from "../../components/model/platform/spec";

/** Labels of the nodes that the demo's services run on. */
type NodeLabel = "db" | "platform" | "agent" | "service";

/** Raise it to see one rolling update of all parts; the page shows it on every part. */
const version = "1";

const everywhere = {
  init: true,
  readOnly: true,
  capDrop: ["ALL"],
  stopGracePeriod: "5s",
  restart: { condition: "any", delay: "2s" },
  logging: { driver: "json-file", options: { "max-size": "2m", "max-file": "2" } },
  networks: { default: {} },
} as const satisfies Partial<ServiceSpec>;

/** Exchanges tasks one by one, the new one first, and goes back when the new one fails. */
const gently = {
  update: { order: "start-first", parallelism: 1, monitor: "5s", failureAction: "rollback" },
  rollback: { order: "start-first", parallelism: 1, monitor: "5s", failureAction: "pause" },
} as const satisfies Partial<ServiceSpec>;

/** For what cannot run twice on a node: a data folder, or a port of the node. */
const oneAtATime = {
  update: { order: "stop-first", parallelism: 1, monitor: "5s", failureAction: "pause" },
} as const satisfies Partial<ServiceSpec>;

/** Where a service runs, and what its tasks tell the page about themselves. */
function on(label: NodeLabel, part: string, env: { readonly [name: string]: string } = {}) {
  return {
    placement: { constraints: [`node.labels.${label} == true`] },
    containerLabels: { "swarmyard.platform": "demo", "swarmyard.part": part },
    env: {
      PART: part,
      NODE: "{{.Node.Hostname}}",
      NODE_LABEL: label,
      TASK: "{{.Task.ID}}",
      SLOT: "{{.Task.Slot}}",
      VERSION: version,
      ...env,
    },
  };
}

/** A check every few seconds; `port` answers `/healthz`. */
function answers(port: number) {
  return {
    test: ["CMD", "/app/healthy", `${port}`],
    interval: "3s",
    timeout: "3s",
    retries: 3,
    startPeriod: "20s",
  };
}

function small(memory: string) {
  return {
    limits: { cpus: 0.5, memory, pids: 100 },
    reservations: { cpus: 0.02, memory: "24MiB" },
  };
}

const redis: ServiceSpec = {
  ...everywhere,
  ...oneAtATime,
  ...on("db", "redis"),
  image: { build: "redis" },
  user: "redis",
  mounts: { "/data": { type: "volume", source: "redis" } },
  secrets: { redis_password: { source: "redis_password" } },
  configs: { "/etc/redis/demo.conf": { source: "redis" } },
  healthcheck: {
    test: ["CMD", "/usr/local/bin/redis-healthy"],
    interval: "3s",
    timeout: "3s",
    retries: 3,
    startPeriod: "20s",
  },
  resources: small("128MiB"),
};

const api: ServiceSpec = {
  ...everywhere,
  ...gently,
  // A job about every `JOB_INTERVAL` seconds keeps the page alive; 0 switches the generator off.
  ...on("platform", "api", { JOB_INTERVAL: "1.5" }),
  image: { build: "app" },
  command: ["api"],
  mounts: { "/data": { type: "volume", source: "data", readOnly: true } },
  secrets: { redis_password: { source: "redis_password" } },
  healthcheck: answers(8000),
  resources: small("128MiB"),
};

const agent: ServiceSpec = {
  ...everywhere,
  ...gently,
  ...on("agent", "agent"),
  image: { build: "app" },
  command: ["agent"],
  replicas: 2,
  // The folder on the share may belong to any user, and only root can use that capability.
  user: "root",
  capAdd: ["CAP_DAC_OVERRIDE"],
  mounts: { "/data": { type: "volume", source: "data" } },
  secrets: { redis_password: { source: "redis_password" } },
  healthcheck: answers(8001),
  resources: small("96MiB"),
};

const model: ServiceSpec = {
  ...everywhere,
  ...gently,
  ...on("service", "model"),
  image: { build: "app" },
  command: ["model"],
  replicas: 2,
  configs: {
    "/etc/model/settings.json": { source: "model_settings" },
    "/etc/model/examples.tsv": { source: "model_examples" },
  },
  healthcheck: answers(8002),
  resources: small("96MiB"),
};

const web: ServiceSpec = {
  ...everywhere,
  ...oneAtATime,
  ...on("platform", "web"),
  image: { build: "web" },
  ports: [{ target: 8080, published: 8080 }],
  healthcheck: answers(8080),
  resources: small("96MiB"),
};

/**
 * The demo platform: messages go through a queue to agents, which ask a model what they are about
 * and keep the answers on a volume that all nodes see. Its page shows all of it live.
 */
export const platform: PlatformSpec = {
  folder: __dirname,
  images: {
    redis: { context: "images/redis" },
    app: { context: "images/app" },
    web: { context: "images/web" },
  },
  networks: { default: { attachable: true } },
  volumes: {
    data: { shared: true, seed: { prompts: "seed/prompts" } },
    redis: {},
  },
  secrets: { redis_password: { random: 32 } },
  configs: {
    redis: { file: "configs/redis.conf" },
    model_settings: { file: "configs/model-settings.json" },
    model_examples: { file: "configs/model-examples.tsv" },
  },
  services: { redis, api, agent, model, web },
  rollout: { timeout: "5m", steady: "3s" },
  open: { service: "web", target: 8080 },
};
