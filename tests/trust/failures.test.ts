import * as http from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { portOffsets } from "../../components/config/environment/defaults";
import type { Yard } from "../e2e/yard";
import { about, expectNoChanges, failingUp, sleeper, tool, trial, trialYard, up } from "./trial";

/** What a person reads when something does not run, and that the fix works. */
let yard: Yard;
let said = "";
const services = [...trial, "services"];
const onDb = { placement: { constraints: ["node.labels.db == true"] } };

beforeAll(async () => {
  yard = trialYard("failures", { motto: "steady" });
  yard.set(services, { good: sleeper });
  await up(yard);
});
afterAll(() => yard.close());

/** Port of a node that something other than a service uses. */
const takenPort = 8089;

/** Services that each fail in a different way, and the fix for each. */
const broken: { readonly [name: string]: { readonly spec: object; readonly fix: object } } = {
  image: { spec: { image: "registry:5000/nothing/here:1" }, fix: { image: tool } },
  crash: {
    spec: { command: ["sh", "-c", "echo tired of it all; exit 3"] },
    fix: { command: ["sleep", "infinity"] },
  },
  command: { spec: { command: ["no-such-program"] }, fix: { command: ["sleep", "infinity"] } },
  ended: { spec: { command: ["echo", "all done"] }, fix: { command: ["sleep", "infinity"] } },
  sick: {
    spec: {
      command: ["sh", "-c", "echo I listen; sleep infinity"],
      healthcheck: {
        test: ["CMD-SHELL", "echo the database is asleep; exit 1"],
        interval: "1s",
        retries: 2,
      },
    },
    fix: { healthcheck: { test: ["CMD", "true"], interval: "1s" } },
  },
  memory: {
    spec: {
      command: ["python3", "-c", "print('filling', flush=True); x = b'a' * 200_000_000"],
      resources: { limits: { memory: "32MiB" } },
    },
    fix: { command: ["sleep", "infinity"] },
  },
  folder: {
    spec: { mounts: { "/data": { type: "bind", source: "/not/there" } } },
    fix: { mounts: { "/data": { type: "bind", source: "/tmp" } } },
  },
  port: {
    spec: { ports: [{ target: 80, published: takenPort }], ...onDb },
    fix: {
      command: ["python3", "-m", "http.server", "80"],
      ports: [{ target: 80, published: 8090 }],
      ...onDb,
    },
  },
};

describe("tasks that fail", () => {
  beforeAll(async () => {
    yard.set([...trial, "rollout", "timeout"], "45s");
    for (const [name, { spec }] of Object.entries(broken)) {
      yard.set([...services, name], { ...sleeper, ...spec });
    }
    const [db = ""] = Object.keys(yard.machines()).filter((name) => name.endsWith("-db-0"));
    yard.engine("exec", db, "/usr/sbin/sshd", "-p", `${takenPort}`);
    said = await failingUp(yard);
  });

  test("all are reported at once, and no running one", () => {
    for (const name of Object.keys(broken)) about(said, name);
    expect(said).not.toContain("service trial_good");
  });

  test("an image that is not there: name, node, the registry's words", () => {
    const text = about(said, "image");
    expect(text).toMatch(
      /trial_image\.1: was rejected .*on yard-failures-\w+-0: the image registry:5000\/nothing\/here:1 cannot be pulled/,
    );
    expect(text).toContain("the registry says: manifest unknown");
    expect(text).toContain("what to do: correct `image` of the service, or push that image");
  });

  test("a crash loop: exit code, node, last words and where all of them are", () => {
    const text = about(said, "crash");
    expect(text).toMatch(
      /trial_crash\.1: failed .*on yard-failures-\w+-0: its program ended with exit code 3/,
    );
    expect(text).toMatch(/last lines of its log:\s+tired of it all/);
    expect(text).toContain("npm run docker -- -s failures service logs trial_crash");
  });

  test("that command shows the log", async () => {
    // Swarm may forget a task of the loop while it reads; the command then asks again.
    const read = await yard.docker("service", "logs", "trial_crash");
    expect(read).toContain("tired of it all");
  });

  test("a program that does not exist", () => {
    const text = about(said, "command");
    expect(text).toMatch(/its program cannot be started \(exit code 127\)/);
    expect(text).toMatch(/last lines of its log:\s+.*no-such-program/);
    expect(text).toContain("what to do: correct `command` or `entrypoint`");
  });

  test("a program that ends without an error", () => {
    const text = about(said, "ended");
    expect(text).toContain("its program ended on its own with exit code 0");
    expect(text).toContain("`mode: replicated-job`");
  });

  test("a health check that fails: its words and the program's", () => {
    const text = about(said, "sick");
    expect(text).toMatch(/failed .*on yard-failures-\w+-0: its health check failed/);
    expect(text).toMatch(/its health check ended with exit code 1:\s+the database is asleep/);
    expect(text).toMatch(/last lines of its log:\s+I listen/);
    expect(text).toContain("`startPeriod`");
  });

  test("out of memory: the limit and where it is set", () => {
    const text = about(said, "memory");
    expect(text).toContain("it ran out of memory: its limit is 32 MiB");
    expect(text).toMatch(/last lines of its log:\s+filling/);
    expect(text).toContain("what to do: raise `resources.limits.memory`");
  });

  test("a folder that does not exist on the node", () => {
    const text = about(said, "folder");
    expect(text).toMatch(
      /on yard-failures-\w+-0: \/not\/there, which the service mounts, does not exist on the node/,
    );
    expect(text).toContain("what to do: create /not/there on every node");
  });

  test("a port of the node that something else has", () => {
    const text = about(said, "port");
    expect(text).toMatch(/on yard-failures-db-0: port 8089\/tcp of the node is in use/);
    expect(text).toContain("what to do: publish another port");
  });

  test("with everything fixed, up works and nothing is left to change", async () => {
    yard.set([...trial, "rollout", "timeout"], "4m");
    for (const [name, { spec, fix }] of Object.entries(broken)) {
      yard.set([...services, name], { ...sleeper, ...spec, ...fix });
    }
    await up(yard);
    await expectNoChanges(yard);
    for (const name of Object.keys(broken)) yard.set([...services, name], undefined);
    await up(yard);
  });
});

describe("tasks that no node has room for", () => {
  const sleepOn = (memory: string) => ({
    ...sleeper,
    ...onDb,
    resources: { reservations: { memory } },
  });

  test("more than any node has: each node with its reason", async () => {
    yard.set([...trial, "rollout", "timeout"], "20s");
    yard.set([...services, "big"], sleepOn("900GiB"));
    yard.set([...services, "broad"], {
      ...sleeper,
      resources: { reservations: { cpus: 64 } },
    });
    said = await failingUp(yard);
    const big = about(said, "big");
    expect(big).toContain("trial_big.1: has no node: no suitable node");
    expect(big).toMatch(/yard-failures-db-0: reserves 900 GiB of memory, the node has [\d.]+ GiB/);
    expect(big).toMatch(
      /yard-failures-platform-0: constraint "node.labels.db == true" is not met: .*; reserves 900 GiB/,
    );
    expect(big).toContain("what to do: lower `resources.reservations`");
    expect(about(said, "broad")).toMatch(
      /yard-failures-\w+-0, yard-failures-\w+-0: reserves 64 cores, the node has \d+/,
    );
  });

  test("more than is free: who holds the rest", async () => {
    yard.set([...services, "broad"], undefined);
    const total = Number(await yard.docker("info", "--format", "{{.MemTotal}}"));
    const most = `${Math.floor((total * 0.6) / 2 ** 20)}MiB`;
    yard.set([...services, "big"], sleepOn(most));
    await up(yard);
    yard.set([...services, "late"], sleepOn(most));
    const text = about(await failingUp(yard), "late");
    expect(text).toMatch(
      /yard-failures-db-0: reserves [\d.]+ GiB of memory, the node has [\d.]+ GiB of which [\d.]+ GiB free \(trial_big holds [\d.]+ GiB\)/,
    );
    expect(text).toContain("yard-failures-platform-0: constraint");
  });

  test("with less reserved, up works and nothing is left to change", async () => {
    yard.set([...trial, "rollout", "timeout"], "4m");
    yard.set([...services, "late"], sleepOn("16MiB"));
    await up(yard);
    await expectNoChanges(yard);
    yard.set([...services, "late"], undefined);
    yard.set([...services, "big"], undefined);
    await up(yard);
  });
});

describe("what is missing", () => {
  test("is refused at preview, all at once, with a fix", async () => {
    const missing = {
      placement: { constraints: ["node.labels.gpu == true"] },
      secrets: { token: { source: "token" } },
      configs: { "/etc/motto": { source: "motto" } },
      mounts: { "/data": { type: "volume", source: "data" } },
    };
    yard.set([...services, "lacking"], { ...sleeper, ...missing });
    yard.set([...trial, "configs"], { spoken: { file: "no-such-file" } });
    yard.set([...trial, "secrets"], { login: { config: "trial_login" } });
    for (const command of ["preview", "up"]) {
      const { status, output } = await yard.run(command);
      expect(status, output).not.toBe(0);
      for (const part of [
        "node.labels.gpu == true",
        "no node has the label `gpu`",
        '"token", which is not in the platform\'s `secrets`',
        '"motto", which is not in the platform\'s `configs`',
        '"data", which is not in the platform\'s `volumes`',
        "there is no platforms/trial/no-such-file",
        "`trial_login: '<value>'` in Pulumi.failures.secrets.yaml",
      ]) {
        expect(output).toContain(part);
      }
    }
    expect(await yard.docker("service", "ls", "--format", "{{.Name}}")).toBe("trial_good\n");
  });

  test("an external secret: the service, the name, and the command that makes it works", async () => {
    yard.set([...trial, "secrets"], { token: { external: "api_token" } });
    yard.set([...trial, "configs"], { motto: { file: "motto" } });
    yard.set([...services, "lacking", "placement"], undefined);
    yard.set([...services, "lacking", "mounts"], undefined);
    const text = await failingUp(yard);
    expect(text).toContain(
      "the service trial_lacking needs secret api_token, which the swarm does not have",
    );
    expect(text).toContain("npm run docker -- -s failures secret create api_token <file>");
    await yard.docker("secret", "create", "api_token", `${yard.folder}/platforms/trial/motto`);
    await up(yard);
    await expectNoChanges(yard);
    yard.set([...services, "lacking"], undefined);
    await up(yard);
  });
});

describe("a port of this machine that another program has", () => {
  test("is reported with a fix, and up works when that program has ended", async () => {
    yard.set([...services, "page"], {
      ...sleeper,
      command: ["python3", "-m", "http.server", "8000"],
      ports: [{ target: 8000, published: 8000 }],
      ...onDb,
    });
    const port = 8000 + portOffsets("failures")[0];
    const other = http.createServer().listen(port, "127.0.0.1");
    try {
      const text = await failingUp(yard);
      expect(text).toContain(
        `which would be 127.0.0.1:${port}; another program of this machine holds that port`,
      );
      expect(text).toContain(`ss -ltnp 'sport = :${port}'`);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
    await up(yard);
    await expectNoChanges(yard);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });
});
