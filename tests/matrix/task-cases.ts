import type { MountSpec, ServiceSpec } from "../../components/model/platform/service-spec";
import type { Case, Cases } from "./case";

type Propagation = NonNullable<NonNullable<MountSpec["bind"]>["propagation"]>;

/** A folder of every node that is a mount of its own, shared: `tests/trust/matrix.test.ts` makes it. */
export const sharedFolder = "/srv/matrix";

function bound(first: Propagation, next: Propagation): Case {
  const mounts = (propagation: Propagation): ServiceSpec["mounts"] => ({
    "/bound": { type: "bind", source: sharedFolder, bind: { propagation } },
  });
  return { first: { mounts: mounts(first) }, next: { mounts: mounts(next) } };
}

const fast = { interval: "5s", timeout: "2s", retries: 2, startPeriod: "1500ms" };

/** What is around the container: health, mounts, files, resources, restarts, places, logs. */
export const taskCases: Cases<
  | "healthcheck"
  | "mounts"
  | "secrets"
  | "configs"
  | "resources"
  | "restart"
  | "placement"
  | "logging"
  | "forceUpdate"
> = {
  healthcheck: {
    command: {
      first: { healthcheck: { ...fast, test: ["CMD", "true"] } },
      next: { healthcheck: { ...fast, test: ["CMD", "true"], timeout: "90s", retries: 3 } },
    },
    shell: {
      first: { healthcheck: { ...fast, test: ["CMD-SHELL", "exit 0"] } },
      next: { healthcheck: { test: ["NONE"] } },
    },
    starting: {
      first: { healthcheck: { ...fast, test: ["CMD", "true"], startInterval: "1s" } },
      next: { healthcheck: { ...fast, test: ["CMD", "true"], startInterval: "2s" } },
    },
  },
  mounts: {
    binds: {
      first: {
        mounts: {
          "/whole": {
            type: "bind",
            source: sharedFolder,
            bind: { create: true, nonRecursive: true },
          },
          "/read": {
            ...{ type: "bind", source: sharedFolder, readOnly: true },
            bind: { readOnlyNonRecursive: true },
          },
        },
      },
      next: {
        mounts: {
          "/whole": {
            ...{ type: "bind", source: sharedFolder },
            bind: { create: false, nonRecursive: false },
          },
          "/read": {
            ...{ type: "bind", source: sharedFolder, readOnly: true },
            bind: { readOnlyNonRecursive: false },
          },
        },
      },
    },
    volume: {
      first: {
        mounts: {
          "/plain": {
            type: "volume",
            source: "plain",
            volume: { noCopy: true, labels: { "b.c": "1" } },
          },
          "/anonymous": { type: "volume" },
          "/shared": { type: "volume", source: "shared", readOnly: true },
        },
      },
      next: {
        mounts: {
          "/plain": {
            type: "volume",
            source: "plain",
            readOnly: true,
            volume: { noCopy: false },
          },
          "/shared": { type: "volume", source: "shared", readOnly: false },
        },
      },
    },
    options: {
      first: {
        mounts: {
          "/made": {
            type: "volume",
            source: "labelled",
            volume: { noCopy: true, labels: { a: "1" } },
          },
        },
      },
      next: {
        mounts: { "/made": { type: "volume", source: "labelled", volume: { noCopy: false } } },
      },
    },
    subpath: {
      first: {
        mounts: { "/part": { type: "volume", source: "shared", volume: { subpath: "seeded" } } },
      },
      next: { mounts: { "/part": { type: "volume", source: "shared" } } },
    },
    private: bound("private", "rprivate"),
    shared: bound("shared", "rshared"),
    slave: bound("slave", "rslave"),
    tmpfs: {
      first: { mounts: { "/scratch": { type: "tmpfs", tmpfs: { size: "16m", mode: 0o1700 } } } },
      next: { mounts: { "/scratch": { type: "tmpfs", tmpfs: { size: "32MiB" } } } },
    },
    executable: {
      first: { mounts: { "/scratch": { type: "tmpfs", tmpfs: { exec: true } } } },
      next: { mounts: { "/scratch": { type: "tmpfs", tmpfs: { exec: false } } } },
    },
    every: {
      first: {
        mounts: {
          "/named": { type: "volume", source: "named" },
          "/options": { type: "volume", source: "options" },
          "/every": { type: "volume", source: "every" },
          "/removed": { type: "volume", source: "removed" },
          "/external": { type: "volume", source: "external" },
          "/seeded": { type: "volume", source: "seeded" },
        },
      },
      next: { mounts: { "/options": { type: "volume", source: "options" } } },
    },
  },
  secrets: {
    "": {
      first: {
        secrets: {
          token: { source: "random", uid: "1000", gid: "1001", mode: 0o400 },
          "/etc/token": { source: "file" },
          external: { source: "external" },
        },
      },
      next: { secrets: { token: { source: "random", uid: "1000" } } },
    },
    content: {
      first: { secrets: { a: { source: "random" }, b: { source: "file" } } },
      next: { secrets: { a: { source: "random" }, b: { source: "changed" } } },
    },
  },
  configs: {
    "": {
      first: {
        configs: {
          "/etc/one": { source: "content", uid: "1000", gid: "1001", mode: 0o440 },
          "/etc/two": { source: "template" },
          "/etc/three": { source: "external" },
          "/etc/four": { source: "file" },
        },
      },
      next: { configs: { "/etc/one": { source: "content", mode: 0o444 } } },
    },
  },
  resources: {
    limits: {
      first: { resources: { limits: { cpus: 1 / 3, memory: "65536k", pids: 100 } } },
      next: { resources: { limits: { cpus: 0.5, memory: "64MiB", pids: 0 } } },
    },
    reservations: {
      with: { placement: { constraints: ["node.labels.generic == true"] } },
      first: {
        resources: {
          reservations: { cpus: 0.01, memory: "8m", generic: { "NVIDIA-GPU": 1, FPGA: 1 } },
        },
      },
      next: {
        resources: { reservations: { cpus: 0.02, memory: "9m", generic: { "NVIDIA-GPU": 2 } } },
      },
    },
  },
  restart: {
    any: {
      first: { restart: { condition: "any", delay: "60s", maxAttempts: 3, window: "120s" } },
      next: { restart: { condition: "on-failure", delay: "0s" } },
    },
    never: {
      first: { restart: { condition: "none" } },
      // The default.
      next: { restart: { delay: "5s" } },
      removal: "keep",
    },
  },
  placement: {
    "": {
      first: {
        placement: {
          constraints: ["node.role == worker", " node.labels.none!=true"],
          spread: ["node.labels.zone", "engine.labels.none"],
          maxReplicasPerNode: 2,
        },
      },
      // Swarm keeps a task whose node still fits.
      next: { placement: { constraints: ["node.role == worker"] } },
      change: "keep",
    },
    platforms: {
      first: { placement: { platforms: ["linux/amd64", "linux/x86_64"] } },
      next: { placement: { platforms: ["linux/x86_64"] } },
      change: "keep",
    },
  },
  logging: {
    "": {
      first: { logging: { driver: "json-file", options: { "max-size": "1m", "max-file": "2" } } },
      next: { logging: { driver: "local" } },
    },
  },
  forceUpdate: { "": { first: { forceUpdate: 1 }, next: { forceUpdate: 3 } } },
};
