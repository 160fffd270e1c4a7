import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Yard } from "../e2e/yard";
import { expectNoChanges, up } from "./trial";

/** The password of a database in a volume rotates and goes back, as docs/rotation.md says. */
let yard: Yard;
const db = "swarmyard-database-yard-database-db-0";
const rotate = ["swarmyard:platforms", "database", "secrets", "password", "rotate"];

beforeAll(() => {
  yard = new Yard("database");
  yard.set(["swarmyard:hosts", "groups", "agent"], undefined);
  yard.set(["swarmyard:hosts", "groups", "service"], undefined);
  yard.set(["swarmyard:share"], { kind: "none" });
  yard.set(["swarmyard:platforms"], { database: {} });
  yard.commit();
});
afterAll(() => yard.close());

/** Rows that the client counted last, with the password that worked. */
async function counted(): Promise<{ readonly by: string; readonly rows: number }> {
  const lines = (
    await yard.docker("service", "logs", "--raw", "--tail", "1", "database_client")
  ).trim();
  const [by = "", rows = ""] = (lines.split("\n").at(-1) ?? "").split(": ");
  return { by, rows: Number(rows) };
}

/** Waits until the client writes with the current password. */
async function writing(atLeast: number): Promise<number> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { by, rows } = await counted();
    if (by === "current" && rows >= atLeast) return rows;
    if (Date.now() > end) throw new Error(`the client says ${by}: ${rows}`);
    await sleep(1_000);
  }
}

/** Whether PostgreSQL lets the app in with the password in a file of the client. */
function accepts(file: string): boolean {
  const filter = ["--filter", "label=com.docker.swarm.service.name=database_postgres"];
  const server = yard.engine("exec", db, "docker", "ps", "-q", ...filter).trim();
  const client = clientId();
  const password = onClient(client, "cat", `/run/secrets/${file}`);
  const env = `PGPASSWORD=${password}`;
  const query = ["psql", "--host", "127.0.0.1", "--username", "app", "postgres", "-c", "select 1"];
  try {
    yard.engine("exec", db, "docker", "exec", "-e", env, server, ...query);
    return true;
  } catch {
    return false;
  }
}

function clientHost(): string {
  return (
    ["db-0", "platform-0"]
      .map((name) => `swarmyard-database-yard-database-${name}`)
      .find((host) => clientOn(host) !== "") ?? db
  );
}
const clientOn = (host: string) =>
  yard
    .engine(
      "exec",
      host,
      "docker",
      "ps",
      "-q",
      "--filter",
      "label=com.docker.swarm.service.name=database_client",
    )
    .trim();
const clientId = () => clientOn(clientHost());
const onClient = (id: string, ...command: string[]) =>
  yard.engine("exec", clientHost(), "docker", "exec", id, ...command).trim();

async function secretName(): Promise<string> {
  const names = (await yard.docker("secret", "ls", "--format", "{{.Name}}")).trim().split("\n");
  return names.find((name) => name.startsWith("database_password-")) ?? "";
}

let first: string;
let rows = 0;

test("a database comes up, and a program writes to it", async () => {
  await up(yard);
  rows = await writing(3);
  first = await secretName();
  expect(accepts("password")).toBe(true);
  await expectNoChanges(yard);
});

test("a rotation: the data stays, the new password works, the one before does not", async () => {
  yard.set(rotate, "2");
  await up(yard);
  rows = await writing(rows + 1);
  expect(await secretName()).not.toBe(first);
  // The client knew both passwords before the database took the new one, so that it was never refused with both.
  const logs = await yard.docker("service", "logs", "--raw", "database_client");
  expect(logs).not.toMatch(/failed: .*password authentication failed/);
  expect(accepts("password")).toBe(true);
  expect(accepts("previous")).toBe(false);
  await expectNoChanges(yard);
});

test("going back brings back the password of before, and its name", async () => {
  yard.set(rotate, "1");
  await up(yard);
  await writing(rows + 1);
  expect(await secretName()).toBe(first);
  expect(accepts("password")).toBe(true);
  await expectNoChanges(yard);
});

test("down removes all of it", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
