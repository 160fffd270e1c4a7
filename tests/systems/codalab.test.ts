import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addresses, eventually, json, System } from "./system";

let system: System;
let at: (port: number) => string;

beforeAll(() => {
  system = new System("codalab");
});
afterAll(() => system.close());

const variable = (name: string, value: string) =>
  system.set(["swarmyard:platforms", "codalab", "variables", name], value);

/** An account at the mail server, and whom the reports go to. */
const account = { user: "codalab", password: "of-the-mail-server" };
const admin = "admin@example.org";

beforeAll(() => {
  system.set(["swarmyard:standIns", "mail"], { context: "../stand-ins/mail" });
  system.set(["swarmyard:platforms", "codalab", "services", "mail"], {
    image: "mail:1",
    networks: { "rest-server": {} },
    placement: { constraints: ["node.labels.server == true"] },
  });
  variable("CODALAB_ADMIN_EMAIL", admin);
  variable("CODALAB_EMAIL_HOST", "mail");
  variable("CODALAB_EMAIL_USERNAME", account.user);
  const line = `CODALAB_EMAIL_PASSWORD=${account.password}\n`;
  writeFileSync(join(system.place, "passwords.env"), line, { mode: 0o600 });
  system.set(["swarmyard:platforms", "codalab", "envFiles"], ["settings.env", "passwords.env"]);
  variable("CODALAB_PUBLIC_WORKERS", "worker-0,worker-1");
});

test("the server and two workers come up in their order", async () => {
  at = addresses(await system.succeed("up"), 8080);
  const numbers = Object.entries(await system.tasksByKey("codalab")).map(([key, ids]) => [
    key,
    ids.length,
  ]);
  expect(Object.fromEntries(numbers)).toEqual({
    "bundle-manager": 1,
    frontend: 1,
    mail: 1,
    monitor: 1,
    mysql: 1,
    nginx: 1,
    "rest-server": 1,
    worker: 2,
    "ws-server": 1,
  });
});

test("nginx with its own settings passes the page, the API and events on", async () => {
  const page = await eventually(
    () => json(at(8080)),
    ({ ready }) => ready === true,
  );
  expect(page).toMatchObject({ listens: ["2700"], has: ["CODALAB_SERVER"] });
  expect(await json(`${at(8080)}/rest/status`)).toMatchObject({ command: "cl-server" });
  expect(await json(`${at(8080)}/ws`)).toMatchObject({ command: "cl-ws-server" });
});

test("the jobs made the settings, the tables, the first user and the first worksheets", async () => {
  expect(await json(`${at(8080)}/rest/status`)).toMatchObject({
    settings: 13,
    mail: "mail",
    users: ["codalab"],
    revision: ["head"],
    worksheets: ["dashboard", "home"],
  });
});

test("each service saw what the jobs before it had made", async () => {
  const seen = async (service: string) => {
    const logs = await eventually(
      () => system.docker("service", "logs", "--raw", `codalab_${service}`),
      (text) => text.includes("ready"),
    );
    return JSON.parse(/^ready (.*)$/m.exec(logs)?.[1] ?? "{}");
  };
  expect(await seen("rest-server")).toMatchObject({ users: ["codalab"], worksheets: [] });
  expect(await seen("bundle-manager")).toMatchObject({ worksheets: ["dashboard", "home"] });
});

/** Runs a line of shell in the monitor's container, as the README says. */
function inMonitor(line: string): string {
  const [, server = ""] =
    Object.entries(system.machines()).find(([name]) => name.endsWith("-server-0")) ?? [];
  const docker = (...args: string[]) => system.engine("exec", server, "docker", ...args);
  return docker("exec", docker("ps", "-qf", "name=codalab_monitor").trim(), "bash", "-c", line);
}

test("the monitor mails its report: through STARTTLS, with the password of a secret", async () => {
  const logs = await eventually(
    () => system.docker("service", "logs", "--raw", "codalab_mail"),
    (text) => text.includes("report"),
  );
  const mail = JSON.parse(/^\{.*\}$/m.exec(logs)?.[0] ?? "{}");
  expect(mail).toMatchObject({
    ...account,
    to: expect.stringContaining(admin),
    subject: `CodaLab on vm-clws-${system.stack}-server-0: report`,
  });
  expect(mail.text).toMatch(
    /^backup \/monitor\/backup\/codalab_bundles-\d{4}-\d\d\.mysqldump\.gz: \d{3,} bytes$/m,
  );
  expect(mail.text).toMatch(/^disk \/var\/lib\/docker: \d+ MB free$/m);
  expect(mail.text).toMatch(/^workers worker-0,worker-1$/m);
  const spec = await system.docker("service", "inspect", "codalab_monitor");
  expect(spec).toContain("email_password");
  expect(spec).not.toContain(account.password);
});

test("the monitor's backup brings lost worksheets back", async () => {
  const sql =
    "MYSQL_PWD=$CODALAB_MYSQL_PASSWORD mysql -h mysql -u $CODALAB_MYSQL_USERNAME $CODALAB_MYSQL_DATABASE";
  const worksheets = async () => (await json(`${at(8080)}/rest/status`)).worksheets;
  inMonitor(`echo 'DELETE FROM worksheet' | ${sql}`);
  expect(await worksheets()).toEqual([]);
  inMonitor(`zcat /monitor/backup/codalab_bundles-*.mysqldump.gz | ${sql}`);
  expect(await worksheets()).toEqual(["dashboard", "home"]);
});

test("a worker per machine has the socket, the scratch folder and its name", async () => {
  const nodes = (await system.tasks("codalab_worker")).map(({ node }) => node);
  expect(nodes.sort()).toEqual([0, 1].map((n) => `vm-clws-${system.stack}-worker-${n}`));
  const logs = await eventually(
    () => system.docker("service", "logs", "--raw", "codalab_worker"),
    (text) => (text.match(/^ready/gm) ?? []).length === 2,
  );
  for (const node of nodes) expect(logs).toContain(`"hostname": "${node}-`);
  expect(logs).toContain("/var/run/docker.sock");
});

test("the same up again changes nothing", async () => {
  await system.succeed("preview", "--expect-no-changes");
});

test("ten workers: the first two keep running, and so does everything else", async () => {
  const { worker: two = [], ...same } = await system.tasksByKey("codalab");
  variable("WORKERS", "10");
  await system.succeed("up");
  const { worker: ten = [], ...others } = await system.tasksByKey("codalab");
  expect(ten).toHaveLength(10);
  expect(ten).toEqual(expect.arrayContaining([...two]));
  expect(others).toEqual(same);
});

test("a new version rolls out CodaLab, and neither the database nor nginx", async () => {
  variable("WORKERS", "2");
  await system.succeed("up");
  const before = await system.tasksByKey("codalab");
  variable("CODALAB_VERSION", "v1.7.5");
  await system.succeed("up");
  const after = await system.tasksByKey("codalab");
  const others = ["mail", "mysql", "nginx"];
  for (const key of others) expect(after[key]).toEqual(before[key]);
  const kept = Object.keys(after).filter((key) =>
    after[key]?.some((id) => before[key]?.includes(id)),
  );
  expect(kept.sort()).toEqual(others);
  expect(await json(`${at(8080)}/rest/status`)).toMatchObject({
    tag: "v1.7.5",
    users: ["codalab"],
  });
});

test("down leaves nothing", async () => {
  await system.succeed("down");
  expect(system.left()).toEqual([]);
});
