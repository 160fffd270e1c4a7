import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { contextHash } from "../../components/local-engine/context-hash";
import { LocalNetwork } from "../../components/network/local/network";
import { createRegistry } from "../../components/registry";
import { LocalRegistry } from "../../components/registry/local";
import { localEnvironment } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainSwarm } from "../swarm-of-hosts";

const CONTAINER = "docker:index/container:Container";
const IMAGE = "docker:index/remoteImage:RemoteImage";
const PUSH = "docker:index/registryImage:RegistryImage";

const folder = mkdtempSync(join(tmpdir(), "images-"));
writeFileSync(join(folder, "Dockerfile"), "FROM debian:12-slim\n");
afterAll(() => rmSync(folder, { recursive: true }));

function makeRegistry(recorder: Recorder, name: string): LocalRegistry {
  const environment = localEnvironment(name);
  const settings = environment.local;
  const network = new LocalNetwork(`${name}-network`, { environment, settings }, recorder.opts);
  return new LocalRegistry(name, { environment, network }, recorder.opts);
}

test("a registry answers nodes by name and this machine on 127.0.0.1 only", async () => {
  const recorder = new Recorder({ stack: "one" });
  const one = makeRegistry(recorder, "one");
  makeRegistry(recorder, "two");
  await recorder.settle();

  const port = Number(one.pushAddress.replace("127.0.0.1:", ""));
  const inputs = recorder.inputs(CONTAINER, "one-server");
  expect(inputs).toMatchObject({
    name: "swarmyard-one-registry",
    image: "sha256:one-image",
    networksAdvanced: [{ name: "swarmyard-one", aliases: ["registry"], ipv4Address: "10.64.0.2" }],
    ports: [{ internal: 5000, external: port, ip: "127.0.0.1", protocol: "tcp" }],
    mounts: [{ type: "volume", source: "swarmyard-one-registry", target: "/var/lib/registry" }],
    wait: true,
  });
  expect(inputs).not.toHaveProperty("envs");
  expect(one.pullAddress).toBe("registry:5000");
});

test("an image is tagged by its content, pushed, and handed out by digest", async () => {
  const recorder = new Recorder({ stack: "one" });
  const registry = makeRegistry(recorder, "one");
  const api = registry.build("demo/api", { context: ".", args: { V: "1" } }, folder);
  const web = registry.build("demo/web", { context: ".", target: "page" }, folder);
  await recorder.settle();

  expect(await resolved(api)).toBe("registry:5000/one/demo/api@sha256:feed");
  expect(await resolved(web)).toBe("registry:5000/one/demo/web@sha256:feed");
  const hash = contextHash(folder, ["Dockerfile", "", "V=1"]);
  const reference = `${registry.pushAddress}/one/demo/api:${hash.slice(0, 12)}`;
  expect(recorder.inputs(IMAGE, "one-image-demo/api")).toEqual({
    name: reference,
    build: {
      context: relative(process.cwd(), folder),
      dockerfile: "Dockerfile",
      buildArgs: { V: "1" },
      labels: { "swarmyard.image": "one-image-demo/api" },
      useLegacyBuilder: true,
    },
    keepLocally: true,
    triggers: { content: hash },
  });
  expect(recorder.inputs(PUSH, "one-push-demo/api")).toMatchObject({
    name: reference,
    keepRemotely: true,
    authConfig: { address: `http://${registry.pushAddress}` },
  });
  expect(recorder.inputs(IMAGE, "one-image-demo/web").build).toMatchObject({ target: "page" });
  expect(recorder.inputs(IMAGE, "one-image-demo/web").build).not.toHaveProperty("buildArgs");
});

test("a build has what its image says, which is part of its tag where it changes the image", async () => {
  const recorder = new Recorder({ stack: "one" });
  const registry = makeRegistry(recorder, "one");
  const build = {
    context: ".",
    labels: { a: "b" },
    network: "host",
    extraHosts: { one: "10.0.0.1, 10.0.0.2" },
    shmSize: "64m",
    noCache: true,
    pull: true,
  };
  registry.build("demo/api", build, folder);
  await recorder.settle();
  const inputs = recorder.inputs(IMAGE, "one-image-demo/api");
  expect(inputs.build).toEqual({
    context: relative(process.cwd(), folder),
    dockerfile: "Dockerfile",
    labels: { a: "b", "swarmyard.image": "one-image-demo/api" },
    networkMode: "host",
    extraHosts: ["one:10.0.0.1", "one:10.0.0.2"],
    shmSize: 67_108_864,
    noCache: true,
    pullParent: true,
    useLegacyBuilder: true,
  });
  const said = ["Dockerfile", "", "label a=b", "host one=10.0.0.1, 10.0.0.2", "network host"];
  expect(inputs.triggers).toEqual({ content: contextHash(folder, said) });
});

test("layers are pushed once: later images wait for the first", async () => {
  const recorder = new Recorder();
  const registry = makeRegistry(recorder, "one");
  for (const key of ["a", "b", "c"]) registry.build(key, { context: "." }, folder);
  await recorder.settle();
  const waitsFor = (key: string) => {
    const { dependsOn } = recorder.declaration(PUSH, `one-push-${key}`).opts;
    return (dependsOn as unknown[]).length;
  };
  expect(["a", "b", "c"].map(waitsFor)).toEqual([2, 3, 3]);
});

test("kind none has no registry, and another kind needs hosts of that kind", async () => {
  const surroundings = { network: {}, swarm: plainSwarm("swarm", new Recorder().opts) };
  const of = (kind: "local" | "ecr" | "none") =>
    createRegistry(localEnvironment("one", { registry: { kind } }), surroundings);
  expect(await of("none")).toBeUndefined();
  await expect(of("local")).rejects.toThrow("a registry of kind local needs hosts of that kind");
  await expect(of("ecr")).rejects.toThrow("a registry of kind ecr needs hosts of that kind");
});
