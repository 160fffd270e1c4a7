import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type { Case, Cases } from "./case";

/** A task that ends on its own. */
const job = { entrypoint: ["/bin/true"] };

function policies(field: "update" | "rollback"): { readonly [part: string]: Case } {
  const keep = { change: "keep" } as const;
  return {
    "": {
      ...keep,
      first: {
        [field]: {
          parallelism: 0,
          delay: "60s",
          failureAction: "continue",
          monitor: "1000ms",
          maxFailureRatio: 0.123456,
          order: "start-first",
        },
      },
      next: { [field]: { parallelism: 2, failureAction: "pause", order: "stop-first" } },
    },
    defaults: {
      ...keep,
      first: { [field]: { parallelism: 1, delay: "0s", monitor: "5s", maxFailureRatio: 0 } },
      next: { [field]: {} },
    },
  };
}

const back: Case = {
  first: { update: { failureAction: "rollback" } },
  next: { update: { failureAction: "rollback", monitor: "2s" } },
  change: "keep",
};

/** How many tasks there are, where they are reached, how they are exchanged. */
export const schedulingCases: Cases<
  | "mode"
  | "replicas"
  | "maxConcurrent"
  | "run"
  | "labels"
  | "ports"
  | "endpointMode"
  | "update"
  | "rollback"
  | "networks"
  | "dependsOn"
> = {
  mode: {
    service: { first: { mode: "global" }, next: { mode: "replicated" }, removal: "keep" },
    job: {
      with: job,
      first: { mode: "replicated-job" },
      next: { mode: "global-job" },
      // As a service it must not end.
      without: { entrypoint: ["/wait"] },
    },
  },
  replicas: { "": { first: { replicas: 2 }, next: { replicas: 3 }, change: "keep" } },
  maxConcurrent: {
    "": {
      with: { ...job, mode: "replicated-job", replicas: 3 },
      first: { maxConcurrent: 1 },
      next: { maxConcurrent: 2 },
    },
  },
  run: {
    "": {
      with: { ...job, mode: "replicated-job" },
      first: { run: "once" },
      next: { run: "onChange" },
      change: "keep",
    },
  },
  labels: {
    "": { first: { labels: { "b.c": "1", a: "" } }, next: { labels: { a: "2" } }, change: "keep" },
  },
  ports: {
    host: {
      with: { endpointMode: "dnsrr" },
      first: {
        ports: [
          { target: 81, published: 18082, protocol: "udp", mode: "host" },
          { target: 80, published: 18081, protocol: "tcp", mode: "host" },
          { target: 82, mode: "host" },
        ],
      },
      next: { ports: [{ target: 80, published: 18083, mode: "host" }] },
    },
    ingress: {
      with: { endpointMode: "vip" },
      first: {
        ports: [
          { target: 80, published: 18084, mode: "ingress" },
          { target: 81, mode: "ingress" },
        ],
      },
      next: { ports: [{ target: 80, published: 18085, mode: "ingress" }] },
    },
  },
  endpointMode: {
    "": { first: { endpointMode: "vip" }, next: { endpointMode: "dnsrr" }, removal: "keep" },
  },
  update: { ...policies("update"), rollback: back },
  rollback: {
    ...policies("rollback"),
    again: {
      first: { rollback: { failureAction: "rollback" } },
      next: { rollback: { failureAction: "rollback", monitor: "2s" } },
      change: "keep",
    },
  },
  networks: {
    "": {
      first: {
        networks: {
          default: { aliases: ["zebra", "ant"] },
          attachable: { driverOptions: { some: "option" } },
          external: {},
        },
      },
      next: { networks: { default: { aliases: ["ant"] }, named: {} } },
    },
    other: {
      first: { networks: { internal: {}, options: {} } },
      next: { networks: { options: {}, internal: {} } },
      change: "keep",
      removal: "restart",
    },
    // These two networks change themselves, and are therefore recreated.
    used: {
      first: { networks: { used: {}, addresses: {} } },
      next: { networks: { used: {}, addresses: {} } },
    },
    encrypted: {
      first: { networks: { encrypted: {} } },
      next: { networks: { default: {} } },
      removal: "keep",
    },
  },
  dependsOn: {
    "": { first: { dependsOn: ["env"] }, next: { dependsOn: ["labels", "tty"] }, change: "keep" },
    conditions: {
      first: { dependsOn: { env: "started", tty: "healthy", run: "completed" } },
      next: { dependsOn: { tty: "started" } },
      change: "keep",
    },
  },
} satisfies { [field in keyof ServiceSpec]?: { [part: string]: Case } };
