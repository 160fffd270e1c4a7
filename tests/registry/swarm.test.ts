import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { SwarmRegistry } from "../../components/registry/swarm";
import { loadScript, tunnelScript } from "../../components/registry/swarm-scripts";
import { Swarm } from "../../components/swarm/swarm";
import { localEnvironment, localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainHost, plainMaker, plainSwarm } from "../swarm-of-hosts";

const LOCAL = "command:local:Command";
const folder = mkdtempSync(join(tmpdir(), "images-"));
writeFileSync(join(folder, "Dockerfile"), "FROM debian:12-slim\n");
afterAll(() => rmSync(folder, { recursive: true }));

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder({ computed: { [LOCAL]: () => ({ stdout: "sha256:feed" }) } });
});

function make(name: string, swarm = plainSwarm(`${name}-swarm`, recorder.opts)): SwarmRegistry {
  const environment = { name: "dev", prefix: "yard" };
  return new SwarmRegistry(name, { environment, swarm, sharePath: "/mnt/share" }, recorder.opts);
}

test("every node serves the images on the share at its own 127.0.0.1, and publishes nothing", async () => {
  make("one");
  await recorder.settle();
  const { ports, ...inputs } = recorder.inputs("swarm:index:Service", "one-server");
  expect(ports).toBeUndefined();
  expect(inputs).toMatchObject({
    mode: "global",
    networks: { host: { name: "host" } },
    env: { REGISTRY_HTTP_ADDR: "127.0.0.1:5000" },
    mounts: { "/var/lib/registry": { type: "bind", source: "/mnt/share/.registry" } },
    wait: true,
  });
  const { dependsOn } = recorder.declaration("swarm:index:Service", "one-server").opts;
  const urns = await Promise.all((dependsOn as pulumi.Resource[]).map(({ urn }) => resolved(urn)));
  const names = urns.map((urn) => urn.split("::").at(-1));
  for (const host of ["one-swarm-m", "one-swarm-w"]) expect(names).toContain(`one-load-${host}`);
  expect(names).toContain("one-folder");
});

test("images are pushed one after the other through SSH, and their keys are secret", async () => {
  const registry = make("one");
  const first = registry.build("demo/api", { context: "." }, folder);
  registry.build("demo/web", { context: "." }, folder);
  await recorder.settle();
  expect(await resolved(first)).toMatch(/^127\.0\.0\.1:5000\/\S*demo\/api@sha256:feed$/);
  expect(recorder.secrets(LOCAL, "one-push-demo/api")).toEqual(["stdin"]);
  const inputs = recorder.inputs(LOCAL, "one-push-demo/api");
  expect(inputs.create).toBe(tunnelScript("input").text);
  const { dependsOn } = recorder.declaration(LOCAL, "one-push-demo/web").opts;
  const urns = await Promise.all((dependsOn as pulumi.Resource[]).map(({ urn }) => resolved(urn)));
  expect(urns.some((urn) => urn.endsWith("::one-push-demo/api"))).toBe(true);
});

test("the key that an operator has in a file never gets into the state", async () => {
  const file = join(folder, "operator");
  writeFileSync(file, "the key of the operator\n", { mode: 0o600 });
  const manager = localHost("m", { role: "manager" });
  const connection = pulumi.secret({
    host: "203.0.113.10",
    port: 22,
    user: "root",
    hostKey: "ssh-ed25519 AAAA",
    keyFile: file,
  });
  const maker = plainMaker(manager, "10.64.1.1", recorder.opts);
  const made = {
    ...maker,
    make: () => ({ ...plainHost(manager, "10.64.1.1", recorder.opts), ssh: { connection } }),
  };
  const settings = { ...localEnvironment("own").swarm, firstManager: manager.name };
  const swarm = new Swarm("own", { hosts: [made], settings }, recorder.opts);
  make("one", swarm).build("demo/api", { context: "." }, folder);
  await recorder.settle();
  for (const [name, text] of [
    ["one-push-demo/api", tunnelScript("file").text],
    ["one-load-m", loadScript("file").text],
  ] as const) {
    const inputs = recorder.inputs(LOCAL, name);
    expect(inputs.create).toBe(text);
    expect(recorder.secrets(LOCAL, name)).toEqual(["stdin"]);
    expect(JSON.stringify(inputs)).not.toContain("the key of the operator");
    expect(String(inputs.stdin).trim().split("\n").at(-1)).toBe(file);
  }
});

test("two registries clash with nothing", async () => {
  make("one").build("demo/api", { context: "." }, folder);
  make("two").build("demo/api", { context: "." }, folder);
  await recorder.settle();
  expect(recorder.list().filter((entry) => entry.endsWith("-server"))).toHaveLength(2);
});

describe("the scripts", () => {
  const bin = mkdtempSync(join(tmpdir(), "registry-bin-"));
  afterAll(() => rmSync(bin, { recursive: true }));
  const reach = {
    host: "10.0.0.1",
    port: 2222,
    user: "admin",
    hostKey: "ssh-ed25519 AAAA",
    key: { text: "-----BEGIN KEY-----\nsecret\n-----END KEY-----\n" },
  };

  /** Runs a script with these programs as docker and ssh. */
  function run(text: string, stdin: string, docker: string, ssh: string): string {
    writeFileSync(join(bin, "docker"), `#!/bin/bash\necho "docker $*" >>${bin}/log\n${docker}\n`, {
      mode: 0o755,
    });
    writeFileSync(join(bin, "ssh"), `#!/bin/bash\necho "ssh $*" >>${bin}/log\n${ssh}\n`, {
      mode: 0o755,
    });
    writeFileSync(join(bin, "log"), "");
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    return execFileSync("bash", ["-c", text], { input: stdin, env, encoding: "utf8" });
  }
  const log = () => readFileSync(join(bin, "log"), "utf8");

  test("push through a tunnel to the node's own address and print the digest", () => {
    const { text, stdin } = tunnelScript("input");
    const input = stdin({ reach, here: "swarmyard/api:abc", repository: "yard-dev/demo/api" });
    const docker = `case "$1 $2" in
      "image inspect") local=$(grep -o '127.0.0.1:[0-9]*:127' ${bin}/log | tail -1 | cut -d: -f2)
        echo "127.0.0.1:$local/yard-dev/demo/api@sha256:feed" ;;
    esac`;
    const ssh = `for ((i = 1; i <= $#; i++)); do
      if [ "\${!i}" = -i ]; then j=$((i + 1)); cat "\${!j}" >>${bin}/key; fi
    done`;
    expect(run(text, input, docker, ssh)).toBe("sha256:feed");
    expect(log()).toMatch(
      /ssh .*-p 2222 .*-L 127\.0\.0\.1:\d+:127\.0\.0\.1:5000 admin@10\.0\.0\.1/,
    );
    expect(log()).toMatch(
      /docker --config \S+ push --quiet 127\.0\.0\.1:\d+\/yard-dev\/demo\/api:abc/,
    );
    expect(log()).toContain("-O exit");
    expect(log()).not.toContain("secret");
    expect(readFileSync(join(bin, "key"), "utf8")).toContain("secret");
  });

  test("take the key from a file that is named, also below the home", () => {
    const { text, stdin } = loadScript("file");
    writeFileSync(join(bin, "operator"), "secret of a file\n");
    const ssh = `for ((i = 1; i <= $#; i++)); do
      if [ "\${!i}" = -i ]; then j=$((i + 1)); cat "\${!j}" >>${bin}/log; stat -c %a "\${!j}" >>${bin}/log; fi
    done`;
    for (const [file, home] of [
      [join(bin, "operator"), "/nowhere"],
      ["~/operator", bin],
    ] as const) {
      const input = stdin({ reach: { ...reach, key: { file } }, image: "swarmyard/registry:1" });
      expect(input).not.toContain("secret");
      run(`HOME=${home}\n${text}`, input, "", ssh);
      expect(log()).toContain("secret of a file\n600");
    }
  });

  test("are what they were where the key is text", () => {
    const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    expect([hash(loadScript("input").text), hash(tunnelScript("input").text)]).toEqual([
      "5e1bab8af3603f41",
      "7f9cbbfbc0abef33",
    ]);
  });

  test("say why no tunnel opens", () => {
    const { text, stdin } = tunnelScript("input");
    const input = stdin({ reach, here: "a:b", repository: "a" });
    const failing = 'case "$*" in *-f*) echo "Permission denied" >&2; exit 255 ;; esac';
    expect(() => run(text, input, "", failing)).toThrow(
      "no tunnel to the registry on 10.0.0.1 could be opened: Permission denied",
    );
  });

  test("bring an image only to a node that does not have it", () => {
    const { text, stdin } = loadScript("input");
    const input = stdin({ reach, image: "swarmyard/registry:1" });
    run(text, input, "", "exit 0");
    expect(log()).not.toContain("docker save");
    const absent = 'case "$*" in *inspect*) exit 1 ;; *) cat >/dev/null ;; esac';
    run(text, input, "echo layers", absent);
    expect(log()).toContain("docker save swarmyard/registry:1");
    expect(log()).toContain("gunzip | sudo -n docker load");
  });
});
