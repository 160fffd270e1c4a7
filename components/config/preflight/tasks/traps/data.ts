import type { PlatformPlan, ServicePlan } from "../../../../model/platform/plan";
import type { Finding } from "../../../../model/problem";

/** Programs of which only one may use a folder at a time, by the last part of their image's name. */
const ALONE =
  /^(postgres|postgresql|postgis|timescaledb|pgvector|mysql|mysql-server|mariadb|percona|mongo|mongodb|redis|redis-stack|valkey|keydb|rabbitmq|elasticsearch|opensearch|influxdb|clickhouse|clickhouse-server|cassandra|neo4j|couchdb|etcd|prometheus)$/;

/** Data that two tasks write at once, and data that stays on a node where the next task is not. */
export function dataTraps(
  spec: ServicePlan,
  { volumes }: Pick<PlatformPlan, "volumes">,
  places: number,
): readonly Finding[] {
  const alone = nameOf(spec);
  const written = Object.entries(spec.mounts ?? {}).filter(
    ([, { type, readOnly }]) => (type === "volume" || type === "bind") && readOnly !== true,
  );
  const [first] = written;
  if (alone === undefined || first === undefined) return [];
  const [target] = first;
  return [
    ...startFirst(spec, alone, target),
    ...several(spec, { alone, target, places }, volumes, first[1].source),
    ...written.flatMap(([path, { type, source = "" }]) =>
      type === "volume" ? floating(spec, { alone, target: path, places }, volumes, source) : [],
    ),
  ];
}

function nameOf({ image }: ServicePlan): string | undefined {
  if (image.kind !== "reference") return undefined;
  const [plain = ""] = image.reference.replace(/@.*$/, "").split("/").slice(-1);
  const name = plain.replace(/:.*$/, "");
  return ALONE.test(name) ? name : undefined;
}

function startFirst({ update }: ServicePlan, alone: string, target: string): readonly Finding[] {
  if (update?.order !== "start-first") return [];
  const found = `start-first for ${alone}: in an update, two of them use ${target} at once, which it refuses or which spoils its data`;
  const fix = "`update: { order: stop-first }`";
  return [{ keys: ["update", "order"], found, allowed: "stop-first for what keeps data", fix }];
}

interface Kept {
  readonly alone: string;
  readonly target: string;
  /** Nodes where tasks may run. */
  readonly places: number;
}

type Volumes = PlatformPlan["volumes"];

/** The volume with a real name that is only on the node of a task. */
function isOfNode(volumes: Volumes, name: string): boolean {
  const volume = Object.values(volumes).find((one) => one.name === name);
  if (volume?.kind !== "node" || volume.device !== undefined) return false;
  return ["", "local"].includes(volume.driver) && volume.driverOptions.type === undefined;
}

function several(
  spec: ServicePlan,
  { alone, target }: Kept,
  volumes: Volumes,
  source = "",
): readonly Finding[] {
  const { replicas = 1, mode = "replicated", placement } = spec;
  if (mode !== "replicated" || replicas < 2 || source.includes("{{")) return [];
  const apart = placement?.maxReplicasPerNode === 1 || spec.ports?.some((p) => p.mode === "host");
  if (apart && isOfNode(volumes, source)) return [];
  const found = `${replicas} replicas of ${alone} with one ${source === "" ? target : source}: tasks on a node write the same data at once`;
  const allowed = "one replica, or data of its own for each task";
  const fix = "`replicas: 1`, or `maxReplicasPerNode: 1` with a volume of the nodes";
  return [{ keys: ["replicas"], found, allowed, fix }];
}

function floating(
  spec: ServicePlan,
  { alone, target, places }: Kept,
  volumes: Volumes,
  source: string,
): readonly Finding[] {
  const { mode = "replicated" } = spec;
  if (mode !== "replicated" || places < 2 || !isOfNode(volumes, source)) return [];
  const found = `${source}, the data of ${alone}, on a volume of one node, while a task may start on any of ${places}: on another one it finds no data`;
  const allowed = "one node for the service, or a volume that all of them see";
  const fix =
    "a constraint such as `node.labels.db == true` that one node meets, or `shared: true` for the volume";
  return [{ keys: ["mounts", target, "source"], found, allowed, fix }];
}
