import { afterAll, beforeAll, expect, test } from "vitest";
import { type Labels, visibleLabels } from "../../components/model/ownership";
import { succeedIn } from "../e2e/succeed";
import { Servers } from "./servers";
import { eventually, json } from "./system";

/** The article's five servers, of two Debian releases. */
let servers: Servers;
const models = ["models-0", "models-1", "models-2"];
const modelImages = ["api:1.0", "summarization:1.4", "entities:2.0", "classification:1.1"];
/** What each server had before we came. */
const before = new Map<string, string>();

beforeAll(async () => {
  servers = new Servers("nlp-cloud");
  await servers.start({ "models-2": { system: "debian-13" } });
  for (const name of servers.names) before.set(name, servers.machines.traces(name));
  servers.give({
    database: ["postgres:13", "traefik:v3.7"],
    backoffice: ["nlp-cloud/backoffice:1.0"],
    ...Object.fromEntries(
      models.map((name) => [name, modelImages.map((image) => `nlp-cloud/${image}`)]),
    ),
  });
});
afterAll(() => servers.close());

/** What `docker node inspect` prints of a node, as far as it matters here. */
interface NodeInspected {
  readonly Description: { readonly Hostname: string };
  readonly Spec: { readonly Role: string; readonly Availability: string; readonly Labels: Labels };
}

const tasks = () => servers.system.tasksByKey("production");

test("one command makes the swarm and runs everything of the list", async () => {
  const output = await succeedIn(servers.system, "up");
  expect(output).toContain(`Open http://${servers.machines.address("backoffice")}:8000`);
  const numbers = Object.entries(await tasks()).map(([key, ids]) => [key, ids.length]);
  expect(Object.fromEntries(numbers)).toEqual({
    ...{ api: 3, backoffice: 1, database: 1 },
    ...{ "model-entities": 1, "model-sentiment": 1, "model-summaries": 2 },
  });
});

test("the five servers are nodes with the role and the label of their group", async () => {
  const listed = JSON.parse(await servers.system.docker("node", "inspect", ...servers.names));
  const nodes = listed.map(({ Description, Spec }: NodeInspected) => [
    ...[Description.Hostname, Spec.Role, Spec.Availability, visibleLabels(Spec.Labels)],
  ]);
  expect(nodes).toEqual([
    ["database", "manager", "active", { type: "database" }],
    ["backoffice", "worker", "active", { type: "cheap" }],
    ...models.map((name) => [name, "worker", "active", { type: "machine-learning" }]),
  ]);
});

test("the database and the proxy run on the manager, the rest on the servers of its label", async () => {
  const places = (await servers.system.tasks()).map(
    ({ service, node }) => `${service} ${node.replace(/-\d$/, "")}`,
  );
  expect([...new Set(places)].sort()).toEqual([
    "production_api models",
    "production_backoffice backoffice",
    "production_database database",
    "production_model-entities models",
    "production_model-sentiment models",
    "production_model-summaries models",
    "traefik_traefik database",
  ]);
});

test("the back office finds its secrets, the database and the API", async () => {
  const found = await eventually(
    () => json(`http://${servers.machines.address("backoffice")}:8000`),
    ({ ready }) => ready === true,
  );
  expect(found).toMatchObject({
    has: ["/run/secrets/db_name", "/run/secrets/db_user", "/run/secrets/db_password"],
    reaches: ["database:5432", "api:8000"],
  });
});

test("the database's data is in its folder on the manager, and nowhere else", () => {
  const files = (name: string) =>
    servers.machines.on(name, "sh", "-c", "find /srv/postgresql/data -name PG_VERSION | head -1");
  expect(files("database")).toBe("/srv/postgresql/data/PG_VERSION");
  expect(servers.names.slice(1).map(files)).toEqual(["", "", "", ""]);
});

test("resources are the article's: 0.8 and 0.5 CPUs, 10 and 5 GiB", async () => {
  const format = "{{json .Spec.TaskTemplate.Resources}}";
  const found = await servers.system.docker(
    "service",
    "inspect",
    "production_api",
    "--format",
    format,
  );
  expect(JSON.parse(found)).toEqual({
    Limits: { NanoCPUs: 800_000_000, MemoryBytes: 10_737_418_240 },
    Reservations: { NanoCPUs: 500_000_000, MemoryBytes: 5_368_709_120 },
  });
});

test("the same up again changes nothing", async () => {
  const now = await tasks();
  await succeedIn(servers.system, "up", "--expect-no-changes");
  expect(await tasks()).toEqual(now);
});

test("down leaves the servers as they were, and the database's data", async () => {
  await succeedIn(servers.system, "down", "--yes");
  expect(servers.left()).toEqual([]);
  for (const name of servers.names) {
    expect(servers.machines.traces(name), name).toBe(before.get(name));
  }
  const data = servers.machines.on("database", "ls", "/srv/postgresql/data/PG_VERSION");
  expect(data).toBe("/srv/postgresql/data/PG_VERSION");
});
