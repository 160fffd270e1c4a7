import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type { PlatformSpec } from "../../components/model/platform/spec";

/** Raise it for a new release of the back office and the API; models have theirs in models.csv. */
const version = "1.0";

const inside = { networks: { main_network: {} } } as const;

/** The nodes of one label; the manager has the database. */
const on = (role: "manager" | "worker", type: string) => ({
  placement: { constraints: [`node.role == ${role}`, `node.labels.type == ${type}`] },
});

/** Where the database is, for the services that use it; who they are is in files. */
const usingTheDatabase = {
  env: { DB_HOST: "database" },
  secrets: {
    db_name: { source: "db_name" },
    db_user: { source: "db_user" },
    db_password: { source: "db_password" },
  },
  dependsOn: ["database"],
} as const satisfies Partial<ServiceSpec>;

/** One service for each line of models.csv: name, image, replicas, CPUs, memory and GPUs. */
function models(): { readonly [name: string]: ServiceSpec } {
  const [head = "", ...lines] = readFileSync(join(__dirname, "models.csv"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const columns = head.split(",");
  const services: { [name: string]: ServiceSpec } = {};
  for (const line of lines) {
    const cells = line.split(",");
    const cell = (column: string) => cells[columns.indexOf(column)]?.trim() ?? "";
    const gpus = Number(cell("gpus"));
    services[`model-${cell("name")}`] = {
      ...inside,
      ...on("worker", "machine-learning"),
      image: cell("image"),
      replicas: Number(cell("replicas")),
      env: { MODEL: cell("name") },
      resources: { limits: { cpus: Number(cell("cpus")), memory: cell("memory") } },
      ...(gpus > 0 ? { gpus } : {}),
    };
  }
  return services;
}

/** NLP Cloud: a back office, an API, their database, and a service for each model. */
export const platform: PlatformSpec = {
  folder: __dirname,
  networks: { main_network: { external: true, name: "main_network" } },
  // Made on the nodes before the database starts, and kept.
  directories: { "/srv/postgresql/data": { mode: "0700" } },
  secrets: {
    db_name: { file: "secrets/db_name.secret" },
    db_user: { file: "secrets/db_user.secret" },
    db_password: { random: 32 },
  },
  services: {
    database: {
      ...inside,
      ...on("manager", "database"),
      image: "postgres:13",
      env: {
        POSTGRES_DB_FILE: "/run/secrets/db_name",
        POSTGRES_USER_FILE: "/run/secrets/db_user",
        POSTGRES_PASSWORD_FILE: "/run/secrets/db_password",
      },
      secrets: usingTheDatabase.secrets,
      mounts: { "/var/lib/postgresql/data": { type: "bind", source: "/srv/postgresql/data" } },
    },
    backoffice: {
      ...inside,
      ...usingTheDatabase,
      ...on("worker", "cheap"),
      route: { host: "backoffice.example.org", name: "backoffice" },
      image: `nlp-cloud/backoffice:${version}`,
      ports: [{ target: 8000, published: 8000 }],
    },
    api: {
      ...inside,
      ...usingTheDatabase,
      ...on("worker", "machine-learning"),
      route: { host: "api.example.org", port: 8000, name: "api" },
      image: `nlp-cloud/api:${version}`,
      replicas: 3,
      resources: {
        limits: { cpus: 0.8, memory: "10GiB" },
        reservations: { cpus: 0.5, memory: "5GiB" },
      },
    },
    ...models(),
  },
  open: { service: "backoffice", target: 8000 },
};
