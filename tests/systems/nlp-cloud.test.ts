import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addresses, eventually, json, System } from "./system";

let system: System;
let at: (port: number) => string;

beforeAll(() => {
  system = new System("nlp-cloud");
});
afterAll(() => system.close());

const list = () => path.join(system.place, "models.csv");

const tasks = () => system.tasksByKey("production");

test("the network is there first, then the five servers run everything of the list", async () => {
  at = addresses(await system.succeed("up"), 8000);
  const numbers = Object.entries(await tasks()).map(([key, ids]) => [key, ids.length]);
  expect(Object.fromEntries(numbers)).toEqual({
    api: 3,
    backoffice: 1,
    database: 1,
    "model-entities": 1,
    "model-sentiment": 1,
    "model-summaries": 2,
  });
});

test("services run on the nodes of their label", async () => {
  const places = (await system.tasks()).map(({ service, node }) => {
    return `${service.replace("production_", "")} ${node.split("-").at(-2)}`;
  });
  expect([...new Set(places)].sort()).toEqual([
    "api models",
    "backoffice cheap",
    "database database",
    "model-entities models",
    "model-sentiment models",
    "model-summaries models",
    "traefik_traefik database",
  ]);
});

test("the back office finds its secrets, the database and the API", async () => {
  const found = await eventually(
    () => json(at(8000)),
    ({ ready }) => ready === true,
  );
  expect(found).toMatchObject({
    has: ["/run/secrets/db_name", "/run/secrets/db_user", "/run/secrets/db_password"],
    reaches: ["database:5432", "api:8000"],
  });
});

/** What Traefik's port answers for a host. */
function asking(host: string): Promise<{ readonly status?: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get(at(80), { headers: { host } }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode, text }));
    });
    request.on("error", reject);
  });
}

test("the proxy passes requests on by their host, to all tasks of a service in turn", async () => {
  const seen = new Set<string>();
  await eventually(
    async () => seen.add(JSON.parse((await asking("api.example.org")).text).hostname),
    ({ size }) => size === 3,
  );
  expect(JSON.parse((await asking("backoffice.example.org")).text)).toMatchObject({
    reaches: ["database:5432", "api:8000"],
  });
  expect((await asking("other.example.org")).status).toBe(404);
});

test("the database has the name and the user of the files, and asks for the password", async () => {
  const [machine = ""] = Object.keys(system.machines()).filter((name) =>
    name.includes("-database-"),
  );
  const inside = (...command: string[]) => system.engine("exec", machine, "docker", ...command);
  const task = inside("ps", "-q", "--filter", "name=production_database").trim();
  const ask = (password: string) =>
    inside(
      ...["exec", task, "sh", "-c"],
      `PGPASSWORD=${password} psql -h database -U nlp_user -d nlp -Atc 'select current_user'`,
    ).trim();
  expect(ask('"$(cat /run/secrets/db_password)"')).toBe("nlp_user");
  expect(() => ask("wrong")).toThrow("password authentication failed");
});

test("resources are the article's: 0.8 and 0.5 CPUs, 10 and 5 GiB", async () => {
  const format = "{{json .Spec.TaskTemplate.Resources}}";
  const found = await system.docker("service", "inspect", "production_api", "--format", format);
  expect(JSON.parse(found)).toEqual({
    Limits: { NanoCPUs: 800_000_000, MemoryBytes: 10_737_418_240 },
    Reservations: { NanoCPUs: 500_000_000, MemoryBytes: 5_368_709_120 },
  });
});

test("the same up again changes nothing", async () => {
  await system.succeed("preview", "--expect-no-changes");
});

test("ten replicas of a model: the first one keeps running, and so does everything else", async () => {
  const before = await tasks();
  const text = fs.readFileSync(list(), "utf8");
  fs.writeFileSync(list(), text.replace("entities:2.0,1,", "entities:2.0,10,"));
  await system.succeed("up");
  const { "model-entities": ten = [], ...others } = await tasks();
  const { "model-entities": one = [], ...same } = before;
  expect(ten).toHaveLength(10);
  expect(ten).toEqual(expect.arrayContaining([...one]));
  expect(others).toEqual(same);
});

test("a new line of the list is a new service, and a new tag rolls out one model", async () => {
  const before = await tasks();
  const text = fs.readFileSync(list(), "utf8").replace("entities:2.0,10,", "entities:2.0,1,");
  const more = `${text}translation,nlp-cloud/translation:1.0,1,0.5,4GiB,0\n`;
  fs.writeFileSync(list(), more.replace("classification:1.1", "classification:1.2"));
  await system.succeed("up");
  const after = await tasks();
  const changed = Object.keys(after).filter((key) => {
    return key !== "model-entities" && after[key]?.join() !== before[key]?.join();
  });
  expect(changed.sort()).toEqual(["model-sentiment", "model-translation"]);
});

test("down leaves nothing", async () => {
  await system.succeed("down");
  expect(system.left()).toEqual([]);
});
