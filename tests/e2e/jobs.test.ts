import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { succeedIn, type Words } from "./succeed";
import { Yard } from "./yard";

/** A job that the web service waits for, and one of each other kind. */
const compose = `x-image: &image
  build: ./image
services:
  web:
    <<: *image
    depends_on: { migrate: { condition: service_completed_successfully } }
  migrate:
    <<: *image
    command: ["sh", "-c", "echo migrating to $$VERSION; sleep 2; echo bye; exit $$CODE"]
    environment: { VERSION: "1", CODE: "\${CODE:-0}" }
    deploy: { restart_policy: { condition: on-failure, delay: 1s } }
  once:
    <<: *image
    command: ["true"]
    environment: { VERSION: "1" }
    deploy: { mode: replicated-job }
  each:
    <<: *image
    command: ["true"]
    deploy: { mode: replicated-job, replicas: 2 }
`;

const dockerfile = 'FROM debian:12-slim\nCMD ["sleep", "infinity"]\n';

let yard: Yard;
const platform = ["swarmyard:platforms", "shop"];

function write(text: string): void {
  const folder = path.join(yard.folder, "platforms/shop");
  fs.mkdirSync(path.join(folder, "image"), { recursive: true });
  fs.writeFileSync(path.join(folder, "compose.yaml"), text);
  fs.writeFileSync(path.join(folder, "image/Dockerfile"), dockerfile);
}

beforeAll(() => {
  yard = new Yard("jobs");
  for (const group of ["db", "agent", "service"]) {
    yard.set(["swarmyard:hosts", "groups", group], undefined);
  }
  write(compose);
  yard.set(["swarmyard:platforms"], {
    shop: { services: { once: { run: "once" }, each: { run: "everyUp" } } },
  });
});
afterAll(() => yard.close());

const succeed = (...words: Words) => succeedIn(yard, ...words);

/** Number of the current run of each job, which swarm counts from 0. */
async function iterations(
  ...jobs: readonly ("migrate" | "once" | "each")[]
): Promise<{ readonly [job: string]: number }> {
  const format = "{{.Spec.Name}} {{json .JobStatus}}";
  const names = jobs.map((job) => `shop_${job}`);
  const lines = await yard.docker("service", "inspect", ...names, "--format", format);
  const found = lines
    .trim()
    .split("\n")
    .map((line) => {
      const at = line.indexOf(" ");
      return [line.slice(0, at), JSON.parse(line.slice(at + 1)).JobIteration.Index ?? 0] as const;
    });
  return Object.fromEntries(found);
}

interface Resource {
  readonly urn: string;
  readonly outputs?: { readonly runs?: readonly { readonly result: string }[] };
}

/** How the runs of a job ended, as the state has them, the newest first. */
function history(job: string): readonly string[] {
  const all = yard.exported() as readonly Resource[];
  const found = all.find(({ urn }) => urn.endsWith(`Service::shop-services-${job}`));
  return (found?.outputs?.runs ?? []).map(({ result }) => result);
}

async function timeOf(task: "CreatedAt" | "Status.Timestamp", service: string): Promise<number> {
  const id = (await yard.docker("service", "ps", "-q", "--no-trunc", service)).trim();
  const [newest = ""] = id.split("\n");
  return Date.parse(
    (await yard.docker("inspect", newest, "--format", `{{json .${task}}}`)).trim().slice(1, -1),
  );
}

test("a service comes after the job that it waits for", async () => {
  await succeed("up");
  expect(await yard.docker("service", "logs", "--raw", "shop_migrate")).toContain("migrating to 1");
  expect(await timeOf("CreatedAt", "shop_web")).toBeGreaterThan(
    await timeOf("Status.Timestamp", "shop_migrate"),
  );
  expect(history("migrate")).toEqual(["completed"]);
  expect(history("once")).toEqual(["completed"]);
  const runs = await iterations("migrate", "once", "each");
  expect(runs).toEqual({ shop_migrate: 0, shop_once: 0, shop_each: 0 });
});

test("without a change only a job that runs with every up runs again", async () => {
  const output = await succeed("preview", "--diff");
  expect(output).toContain("1 to update");
  await succeed("up");
  const runs = await iterations("migrate", "once", "each");
  expect(runs).toEqual({ shop_migrate: 0, shop_once: 0, shop_each: 1 });
  expect(history("each")).toEqual(["completed", "completed"]);
  yard.set([...platform, "services", "each"], null);
  await succeed("up");
  await succeed("preview", "--expect-no-changes");
});

test("a refresh, and a change of another service, run no job", async () => {
  write(compose.replace("    depends_on", "    environment: { COLOUR: red }\n    depends_on"));
  await succeed("refresh");
  await succeed("up");
  expect(await iterations("migrate", "once")).toEqual({ shop_migrate: 0, shop_once: 0 });
});

test("a change runs a job again, but not one that runs once", async () => {
  write(compose.replaceAll('VERSION: "1"', 'VERSION: "2"'));
  await succeed("up");
  expect(await yard.docker("service", "logs", "--raw", "shop_migrate")).toContain("migrating to 2");
  expect(await iterations("migrate", "once")).toEqual({ shop_migrate: 1, shop_once: 0 });
  expect(history("migrate")).toEqual(["completed", "completed"]);
  await succeed("preview", "--expect-no-changes");
});

test("a job that fails stops what waits for it, with its exit code and last lines", async () => {
  yard.set([...platform, "variables"], { CODE: "3" });
  write(
    compose
      .replaceAll('VERSION: "1"', 'VERSION: "3"')
      .replace("    depends_on", "    environment: { COLOUR: blue }\n    depends_on"),
  );
  const { status, output } = await yard.run("up");
  expect(status).not.toBe(0);
  expect(output).toContain("job shop_migrate is not done");
  expect(output).toContain("ended with exit code 3");
  expect(output).toMatch(/last lines of its log:\n\s*migrating to 3\n\s*bye/);
  const env = await yard.docker("service", "inspect", "shop_web", "--format", "{{json .Spec}}");
  expect(env).not.toContain("COLOUR=blue");
  expect(history("migrate")[0]).toBe("its program ended with exit code 3");
});

test("the next up runs it again, and then what waited", async () => {
  yard.set([...platform, "variables"], { CODE: "0" });
  await succeed("up");
  expect(history("migrate").slice(0, 2)).toEqual([
    "completed",
    "its program ended with exit code 3",
  ]);
  const env = await yard.docker("service", "inspect", "shop_web", "--format", "{{json .Spec}}");
  expect(env).toContain("COLOUR=blue");
  await succeed("preview", "--expect-no-changes");
});

test("down removes everything", async () => {
  await succeed("down");
  expect(yard.left()).toEqual([]);
});
