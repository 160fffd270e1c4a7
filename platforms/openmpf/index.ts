import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type { PlatformSpec } from "../../components/model/platform/spec";

/** Registry with a slash at its end, and the tag of all images that OpenMPF builds. */
const registry = "openmpf/";
const tag = "9.0";

const image = (name: string) => `${registry}openmpf_${name.replaceAll("-", "_")}:${tag}`;

const sharing = {
  mounts: { "/opt/mpf/share": { type: "volume", source: "shared_data" } },
} as const;

const onManager = { placement: { constraints: ["node.role == manager"] } } as const;

/** Variables of a cell such as `A=1;B`; one without a value is empty until the environment file sets it. */
function variablesIn(cell: string): { readonly [name: string]: string } {
  const words = cell.split(";").filter((word) => word !== "");
  return Object.fromEntries(
    words.map((word) => [word.split("=")[0] ?? "", word.split("=").slice(1).join("=")]),
  );
}

/** One service for each line of components.csv: name, replicas, CPUs and variables. */
function components(): { readonly [name: string]: ServiceSpec } {
  const [, ...lines] = readFileSync(join(__dirname, "components.csv"), "utf8").trim().split("\n");
  const services: { [name: string]: ServiceSpec } = {};
  for (const line of lines) {
    const [name = "", replicas = "1", cpus = "", environment = ""] = line.trim().split(",");
    services[name] = {
      ...sharing,
      image: image(name),
      replicas: Number(replicas),
      env: variablesIn(environment),
      dependsOn: ["workflow-manager"],
      ...(cpus === "" ? {} : { resources: { limits: { cpus: Number(cpus) } } }),
    };
  }
  return services;
}

/** A Triton server for models, on every node. */
function triton(name: string, model: string, env: { readonly [name: string]: string } = {}) {
  return {
    image: image(name),
    mode: "global",
    command: [
      "tritonserver",
      "--model-repository=/models",
      "--strict-model-config=false",
      "--model-control-mode=explicit",
      `--load-model=${model}`,
      "--grpc-infer-allocation-pool-size=16",
    ],
    env: { NVIDIA_VISIBLE_DEVICES: "all", ...env },
    ulimits: { memlock: { soft: -1, hard: -1 }, stack: { soft: 67108864, hard: 67108864 } },
  } as const satisfies ServiceSpec;
}

/** OpenMPF: the workflow manager with its database and queue, and the components of a list. */
export const platform: PlatformSpec = {
  folder: __dirname,
  volumes: { shared_data: { shared: true }, db_data: {}, yolo_engine_files: {} },
  secrets: { db_password: { random: 32 }, user_properties: { file: "user.properties" } },
  services: {
    db: {
      ...onManager,
      image: "postgres:17-alpine",
      env: {
        POSTGRES_DB: "mpf",
        POSTGRES_USER: "mpf",
        POSTGRES_PASSWORD_FILE: "/run/secrets/db_password",
      },
      secrets: { db_password: { source: "db_password" } },
      mounts: { "/var/lib/postgresql/data": { type: "volume", source: "db_data" } },
    },
    redis: { image: "redis:alpine" },
    "workflow-manager": {
      ...onManager,
      ...sharing,
      image: image("workflow-manager"),
      // OpenMPF takes any variable from a file.
      env: { POSTGRES_PASSWORD_LOAD_FROM_FILE: "/run/secrets/db_password" },
      secrets: {
        db_password: { source: "db_password" },
        user_properties: { source: "user_properties" },
      },
      ports: [{ target: 8080, published: 8080 }],
      dependsOn: ["db", "redis"],
    },
    markup: { ...sharing, image: image("markup"), mode: "global" },
    ...components(),
    "clip-detection-server": triton("clip-detection-server", "vit_l_14"),
    "ocv-yolo-detection-server": {
      ...triton("ocv-yolo-detection-server", "yolo-608", {
        LD_PRELOAD: "/plugins/libyolo608layerplugin.so",
      }),
      mounts: { "/models": { type: "volume", source: "yolo_engine_files" } },
    },
    "trtis-detection-server": {
      ...sharing,
      image: image("trtis-detection-server"),
      mode: "global",
      command: ["trtserver", "--model-store=/models"],
      env: { NVIDIA_VISIBLE_DEVICES: "" },
    },
  },
  rollout: { timeout: "10m" },
  open: { service: "workflow-manager", target: 8080, path: "/workflow-manager" },
};
