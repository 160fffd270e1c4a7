import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { expectNoChanges, sleeper, trial, trialYard, up } from "./trial";

/** What tasks read, byte by byte, and what people bring: networks of the node, containers and objects of their own. */
let yard: Yard;
const services = [...trial, "services"];
const onDb = { placement: { constraints: ["node.labels.db == true"] } };
const db = "swarmyard-contents-yard-contents-db-0";

/** Files of the platform, by name. */
const files: { readonly [name: string]: Buffer } = {
  "bytes.p12": Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  crlf: Buffer.from("one\r\ntwo\r\n"),
  unended: Buffer.from("no line end"),
  largest: Buffer.alloc(500 * 1024 - 1, "s"),
  "largest.conf": Buffer.alloc(1000 * 1024 - 1, "c"),
};

function write(name: string, bytes: Buffer): void {
  fs.writeFileSync(path.join(yard.folder, "platforms/trial", name), bytes);
}

const sum = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Secrets and configs of the service `reader`: the key, its place and its mode. */
const places = [
  { kind: "secrets", key: "p12", file: "bytes.p12", at: "/run/secrets/p12", mode: "0400" },
  { kind: "secrets", key: "crlf", file: "crlf", at: "/run/secrets/crlf", mode: "0640" },
  { kind: "secrets", key: "big", file: "largest", at: "/run/secrets/big", mode: undefined },
  { kind: "configs", key: "unended", file: "unended", at: "/etc/unended", mode: "0755" },
  { kind: "configs", key: "p12", file: "bytes.p12", at: "/etc/p12", mode: "0444" },
  { kind: "configs", key: "big", file: "largest.conf", at: "/etc/big", mode: undefined },
] as const;

beforeAll(async () => {
  yard = trialYard("contents");
  for (const [name, bytes] of Object.entries(files)) write(name, bytes);
  for (const kind of ["secrets", "configs"] as const) {
    const own = places.filter((one) => one.kind === kind);
    yard.set([...trial, kind], Object.fromEntries(own.map(({ key, file }) => [key, { file }])));
  }
  const used = (kind: string) =>
    Object.fromEntries(
      places
        .filter((one) => one.kind === kind)
        .map(({ key, at, mode }) => {
          const target = kind === "secrets" ? path.basename(at) : at;
          return [target, { source: key, ...(mode === undefined ? {} : { mode }) }];
        }),
    );
  yard.set(services, {
    reader: {
      ...{ ...sleeper, ...onDb, secrets: used("secrets"), configs: used("configs") },
      mounts: { "/scratch": { type: "tmpfs", tmpfs: { mode: "1770", size: "1MiB" } } },
    },
  });
  await up(yard);
});
afterAll(() => yard.close());

/** Runs a command in the container of a service on the worker. */
function inTask(service: string, ...command: string[]): string {
  const filter = ["--filter", `label=com.docker.swarm.service.name=trial_${service}`];
  const id = yard.engine("exec", db, "docker", "ps", "-q", ...filter).trim();
  return yard.engine("exec", db, "docker", "exec", id, ...command).trim();
}

function expectBytes(): void {
  for (const { file, at } of places) {
    const bytes = fs.readFileSync(path.join(yard.folder, "platforms/trial", file));
    expect(inTask("reader", "sha256sum", at).split(" ")[0], at).toBe(sum(bytes));
  }
}

describe("a task reads", () => {
  test("every byte of its secrets and configs, also the largest that swarm takes", () => {
    expectBytes();
  });

  test("them with the mode that was written, and a tmpfs too", () => {
    for (const { at, mode } of places) {
      const wanted = mode?.replace(/^0/, "") ?? "444";
      expect(inTask("reader", "stat", "-L", "-c", "%a", at), at).toBe(wanted);
    }
    expect(inTask("reader", "stat", "-c", "%a", "/scratch")).toBe("1770");
  });

  test("the same after a refresh, and the new ones after a change", async () => {
    const refresh = await yard.run("refresh");
    expect(refresh.status, refresh.output).toBe(0);
    await expectNoChanges(yard);
    write("bytes.p12", Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a]));
    write("crlf", Buffer.from("\r\n"));
    await up(yard);
    expectBytes();
    await expectNoChanges(yard);
  });
});

test("a service runs on the node's own network; preview and refresh stay empty", async () => {
  yard.set([...trial, "networks"], { host: { external: true, name: "host" } });
  yard.set([...services, "bare"], { ...sleeper, ...onDb, networks: { host: {} } });
  await up(yard);
  const refresh = await yard.run("refresh");
  expect(refresh.status, refresh.output).toBe(0);
  await expectNoChanges(yard);
  const names = inTask("bare", "ls", "/sys/class/net");
  expect(names).toBe(yard.engine("exec", db, "ls", "/sys/class/net").trim());
  yard.set([...services, "bare"], undefined);
  yard.set([...trial, "networks"], undefined);
  await up(yard);
});

test("a container on a network that goes is named, and the removal goes on once it is gone", async () => {
  yard.set([...trial, "networks"], { open: { attachable: true } });
  yard.set([...services, "bare"], { ...sleeper, ...onDb, networks: { open: {} } });
  await up(yard);
  const image = yard.engine("exec", db, "docker", "images", "-q").trim().split("\n")[0] ?? "";
  const run = ["run", "-d", "--name", "debug", "--network", "trial_open", image, "sleep", "600"];
  yard.engine("exec", db, "docker", ...run);
  yard.set([...services, "bare"], undefined);
  yard.set([...trial, "networks"], undefined);
  const { status, output } = await yard.run("up");
  expect(status, output).not.toBe(0);
  expect(output).toContain(
    "the container debug on yard-contents-db-0, which belongs to no service",
  );
  const command = "docker network disconnect --force trial_open debug";
  expect(output).toContain(command);
  const removal = yard.run("up");
  await sleep(15_000);
  yard.engine("exec", db, ...command.split(" "));
  const again = await removal;
  expect(again.status, again.output).toBe(0);
  expect(await yard.docker("network", "ls", "--format", "{{.Name}}")).not.toContain("trial_open");
  yard.engine("exec", db, "docker", "rm", "--force", "debug");
});

describe("what somebody made by hand", () => {
  /** Runs pulumi as `npm run env` sets it up. */
  function pulumi(...args: string[]): string {
    const script = `eval "$(npm run --silent env -- -s ${yard.stack} 2>/dev/null)"; exec pulumi "$@" 2>&1`;
    const { folder, environment } = yard;
    return execFileSync("bash", ["-c", script, "bash", ...args], {
      ...{ cwd: folder, env: environment, encoding: "utf8" },
    });
  }
  const provider = () => {
    const resources = yard.exported() as readonly { readonly urn: string }[];
    return resources.find(({ urn }) => urn.endsWith("::swarm-provider"))?.urn ?? "";
  };
  const bring = (kind: string, name: string, id: string) =>
    pulumi(
      ...["import", `swarm:index:${kind}`, name, id, "--yes", "--protect=false"],
      ...["--generate-code=false", "--provider", `swarm=${provider()}`],
      ...["--stack", yard.stack],
    );

  test("is imported by its name or id, and goes with the next up, as nobody declares it", async () => {
    await yard.docker("network", "create", "--driver", "overlay", "handmade");
    await yard.docker("config", "create", "handmade", `${yard.folder}/platforms/trial/unended`);
    const run = ["--detach", "--name", "handmade", "--network", "handmade", "--mode", "global"];
    const where = ["--constraint", "node.labels.nowhere == true"];
    await yard.docker("service", "create", ...run, ...where, "debian:12-slim", "sleep", "600");
    const config = (
      await yard.docker("config", "inspect", "handmade", "--format", "{{.ID}}")
    ).trim();
    expect(bring("Network", "handmade", "handmade")).toContain("1 imported");
    expect(bring("Config", "handmade", config)).toContain("1 imported");
    expect(bring("Service", "handmade", "handmade")).toContain("1 imported");
    const state = yard.stateText();
    expect(state).toContain("::swarm:index:Network::handmade");
    await up(yard);
    for (const kind of ["network", "config", "service"]) {
      const names = await yard.docker(kind, "ls", "--format", "{{.Name}}");
      expect(names.split("\n"), kind).not.toContain("handmade");
    }
  });

  test("as a secret says why it is not imported", async () => {
    await yard.docker("secret", "create", "handmade", `${yard.folder}/platforms/trial/unended`);
    let said = "";
    try {
      bring("Secret", "handmade", "handmade");
    } catch (error) {
      said = String((error as { stdout?: string }).stdout);
    }
    expect(said).toContain("a Secret cannot be imported, because swarm does not reveal its data");
    expect(said).toContain("`external: <name>`");
    await yard.docker("secret", "rm", "handmade");
  });
});

test("a platform that goes names the volumes that stay", async () => {
  yard.set([...trial, "volumes"], { data: {} });
  yard.set([...services, "keeper"], {
    ...{ ...sleeper, ...onDb, mounts: { "/data": { type: "volume", source: "data" } } },
  });
  await up(yard);
  yard.set(trial, undefined);
  yard.set(["swarmyard:platforms"], {});
  const output = await up(yard);
  expect(output).toContain("volumes stay with their data: trial_data on yard-contents-db-0");
  expect(yard.engine("exec", db, "docker", "volume", "ls", "-q")).toContain("trial_data");
});

test("images that nothing uses go where the environment says so, and those that are used stay", async () => {
  const list = () => yard.engine("exec", db, "docker", "images", "-q").trim().split("\n");
  const before = list().filter((line) => line !== "");
  expect(before.length).toBeGreaterThan(0);
  yard.set(["swarmyard:swarm", "pruneImages"], "1s");
  const output = await up(yard);
  expect(output).toMatch(/yard-contents-db-0: removed \d+ images that nothing used/);
  expect(list().filter((line) => line !== "")).toEqual([]);
});

test("down removes all of it", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
