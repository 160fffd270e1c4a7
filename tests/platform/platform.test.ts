import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PlatformSpec } from "../../components/model/platform/spec";
import { Platform } from "../../components/platform/platform";
import type { Share } from "../../components/share/share";
import { planned } from "../planned";
import { Recorder, resolved } from "../recorder";
import { plainSwarm } from "../swarm-of-hosts";

const share: Share = { path: "/mnt/share", ready: [] };
let folder: string;
let recorder: Recorder;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "platform-"));
  fs.mkdirSync(path.join(folder, "rbac"));
  fs.writeFileSync(path.join(folder, "rbac/policy.csv"), "p");
  fs.writeFileSync(path.join(folder, "settings.json"), "{}");
  fs.writeFileSync(path.join(folder, "key.secret"), "k");
  fs.writeFileSync(path.join(folder, "key.p12"), Buffer.from([0x30, 0x82, 0xff, 0x0d, 0x0a]));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  recorder = new Recorder();
});

async function make(name: string, changes: Partial<PlatformSpec>): Promise<Platform> {
  const swarm = plainSwarm(`${name}-swarm`, recorder.opts);
  const plan = planned(name, { folder, ...changes });
  const platform = new Platform(name, { platform: name, plan, swarm, share }, recorder.opts);
  await recorder.settle();
  return platform;
}

/** What was made of one platform, without its swarm. */
const made = (name: string) =>
  recorder
    .list()
    .filter((entry) => entry.split(" ")[1]?.startsWith(name))
    .filter((entry) => !entry.split(" ")[1]?.startsWith(`${name}-swarm`));

test("an empty platform creates nothing", async () => {
  await make("one", {});
  expect(made("one")).toEqual(["swarm:platform:Platform one"]);
});

test("services share one network, and two platforms do not clash", async () => {
  const services = { api: { image: "api:1" } };
  await make("one", { services });
  await make("two", { services });
  expect(made("one")).toEqual([
    "swarm:index:Network one-network-default",
    "swarm:platform:Platform one",
  ]);
  expect(recorder.inputs("swarm:index:Network", "one-network-default")).toEqual({
    name: "one_default",
    subnet: expect.stringMatching(/^10\.201\.\d+\.0\/24$/),
    labels: { "com.docker.stack.namespace": "one" },
  });
});

test("existing objects are used by name and not created", async () => {
  const platform = await make("one", {
    networks: { main: { external: true, name: "main_network" } },
    volumes: { data: { external: true, name: "blue_data" } },
    secrets: { key: { external: "old_key" } },
    configs: { settings: { external: "old_settings" } },
  });
  expect(made("one")).toEqual(["swarm:platform:Platform one"]);
  expect(await resolved(platform.secrets.get("key")?.name)).toBe("old_key");
  expect(await resolved(platform.configs.get("settings")?.name)).toBe("old_settings");
});

test("what its programs create goes after its services and before its networks", async () => {
  const creates = { "blue.agent": "default." };
  await make("one", { networks: { back: {} }, creates });
  expect(recorder.inputs("swarm:index:Creations", "one-creations")).toEqual({ labels: creates });
  const { opts } = recorder.declaration("swarm:index:Creations", "one-creations");
  for (const list of [opts.dependsOn, opts.replaceWith]) {
    const urns = await Promise.all((list as pulumi.Resource[]).map(({ urn }) => resolved(urn)));
    expect(urns.filter((urn) => urn.endsWith("::one-network-back"))).toHaveLength(1);
  }
  const platform = await make("two", { creates: {} });
  expect(platform.ready).toEqual([]);
});

describe("volumes", () => {
  test("one on the share is filled by one host", async () => {
    await make("one", {
      volumes: { data: { shared: true, seed: { rbac: "rbac" } } },
    });
    expect(made("one").filter((entry) => entry.startsWith("command:"))).toEqual([
      "command:remote:Command one-seed-data",
      "command:remote:Command one-seed-data-stage",
      "command:remote:CopyToRemote one-seed-data-copy-rbac",
    ]);
  });

  test("one of the node's own is filled on every node", async () => {
    await make("one", { volumes: { data: { seed: { rbac: "rbac" } } } });
    expect(made("one").filter((entry) => entry.startsWith("command:remote:Command"))).toEqual(
      ["one-swarm-m", "one-swarm-w"].flatMap((host) => [
        `command:remote:Command one-seed-data-${host}`,
        `command:remote:Command one-seed-data-${host}-stage`,
      ]),
    );
  });

  test("our own volume is created before it is filled, and refilled with it", async () => {
    await make("one", { volumes: { data: { onDelete: "remove", seed: { rbac: "rbac" } } } });
    for (const node of ["one-swarm-m", "one-swarm-w"]) {
      const seed = recorder.declaration("command:remote:Command", `one-seed-data-${node}`);
      for (const list of [seed.opts.dependsOn, seed.opts.replaceWith]) {
        const urns = await Promise.all((list as pulumi.Resource[]).map(({ urn }) => resolved(urn)));
        expect(urns.filter((urn) => urn.includes("swarm:index:Volume"))).toEqual([
          expect.stringMatching(`::one-volume-data-${node}$`),
        ]);
      }
    }
  });

  test("one that others use by name is created on every node", async () => {
    await make("one", { volumes: { data: { shared: true, everyNode: true } } });
    for (const node of ["one-swarm-m", "one-swarm-w"]) {
      expect(recorder.inputs("swarm:index:Volume", `one-volume-data-${node}`)).toMatchObject({
        node,
        name: "one_data",
        onDelete: "keep",
        driverOptions: { device: "/mnt/share/one/data" },
      });
    }
  });

  test("one that binds a directory gets it on every node, and its seed goes there", async () => {
    const driverOptions = { type: "none", o: "bind", device: "/srv/data" };
    const directory = { owner: "1000:1000", mode: "0750" };
    await make("one", { volumes: { data: { driverOptions, directory } } });
    await make("two", { volumes: { data: { driverOptions, directory, seed: { rbac: "rbac" } } } });
    expect(made("one").filter((entry) => entry.includes("Command"))).toEqual(
      ["one-swarm-m", "one-swarm-w"].map((host) => `command:remote:Command one-seed-data-${host}`),
    );
    // The script is quoted once more, as one word of the command that gives it a deadline.
    const scriptOf = (name: string) =>
      String(recorder.inputs("command:remote:Command", name).create).replaceAll("'\\''", "'");
    const script = scriptOf("one-seed-data-one-swarm-w");
    expect(script).toContain("mkdir -p '/srv/data'");
    expect(script).toContain("chown '1000:1000' '/srv/data'");
    expect(script).toContain("chmod 0750 '/srv/data'");
    const seed = scriptOf("two-seed-data-two-swarm-w");
    expect(seed).toContain("root='/srv/data'");
    expect(seed).toContain('chmod 0750 "$root"');
    expect(seed).not.toContain("docker volume create");
  });

  test("directories for bind mounts are made on every node before services start", async () => {
    const { ready } = await make("one", { directories: { "/srv/db": { mode: 0o700 } } });
    expect(made("one").filter((entry) => entry.includes("Command"))).toEqual(
      ["one-swarm-m", "one-swarm-w"].map(
        (host) => `command:remote:Command one-directory-/srv/db-${host}`,
      ),
    );
    expect(ready).toHaveLength(2);
  });

  test("in a folder that a service mounts they follow no link of a container", async () => {
    const create = () =>
      String(
        recorder.inputs("command:remote:Command", "one-directory-/srv/db/a-one-swarm-m").create,
      );
    const directories = { "/srv/db/a": { mode: 0o700 } };
    const mounts = { "/data": { type: "bind", source: "/srv/db" } } as const;
    await make("one", { directories, services: { db: { image: "db:1", mounts } } });
    expect(create()).toMatch(/^cd -P \S*\/srv\/db\S*$/m);
    expect(create()).toContain("chmod 0700 .");
  });

  test("one that nobody fills or names is created by swarm", async () => {
    await make("one", { volumes: { data: {} } });
    expect(made("one").filter((entry) => !/Network|Platform/.test(entry))).toEqual([]);
  });
});

test("secrets come from chance, from Pulumi config and from files, always as secrets", async () => {
  const { runtime } = await import("@pulumi/pulumi");
  runtime.setConfig("swarmyard:apiKey", "from config");
  await make("one", {
    secrets: { made: { random: 24 }, set: { config: "apiKey" }, read: { file: "key.secret" } },
  });
  expect(recorder.inputs("swarm:index:Secret", "one-secret-made")).toMatchObject({
    base: "one_made",
    random: 24,
  });
  expect(recorder.inputs("swarm:index:Secret", "one-secret-made")).not.toHaveProperty("data");
  expect(recorder.inputs("swarm:index:Secret", "one-secret-set").data).toBe("from config");
  expect(recorder.inputs("swarm:index:Secret", "one-secret-read").data).toBe("k");
  for (const name of ["one-secret-set", "one-secret-read"]) {
    expect(recorder.secrets("swarm:index:Secret", name)).toContain("data");
  }
});

test("a random secret is rotated by a stamp, and its previous value is a secret of its own", async () => {
  await make("one", {
    secrets: { before: { previous: "password" }, password: { random: 32, rotate: "2026-11" } },
    services: {
      db: { image: "db:1", secrets: { now: { source: "password" }, old: { source: "before" } } },
    },
  });
  const labels = expect.any(Object);
  expect(recorder.inputs("swarm:index:Secret", "one-secret-password")).toEqual({
    ...{ base: "one_password", random: 32, rotate: "2026-11", keepPrevious: true, labels },
  });
  expect(recorder.inputs("swarm:index:Secret", "one-secret-before")).toEqual({
    ...{ base: "one_before", data: "previous of one-secret-password", labels },
  });
  expect(recorder.secrets("swarm:index:Secret", "one-secret-before")).toContain("data");
});

test("configs come from text and from files", async () => {
  await make("one", { configs: { text: { content: "hello" }, file: { file: "settings.json" } } });
  expect(recorder.inputs("swarm:index:Config", "one-config-text")).toMatchObject({
    base: "one_text",
    data: "hello",
  });
  expect(recorder.inputs("swarm:index:Config", "one-config-file").data).toBe("{}");
});

test("binary files reach secrets and configs with all their bytes", async () => {
  const file = "key.p12";
  await make("one", { secrets: { key: { file } }, configs: { key: { file } } });
  const data = Buffer.from([0x30, 0x82, 0xff, 0x0d, 0x0a]).toString("base64");
  for (const type of ["Secret", "Config"]) {
    const name = `one-${type.toLowerCase()}-key`;
    expect(recorder.inputs(`swarm:index:${type}`, name)).toMatchObject({
      data,
      encoding: "base64",
    });
  }
  expect(recorder.secrets("swarm:index:Secret", "one-secret-key")).toContain("data");
});
