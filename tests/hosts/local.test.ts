import { expect, test } from "vitest";
import type { Environment } from "../../components/config/environment/environment";
import { createHosts } from "../../components/hosts";
import { daemonConfig } from "../../components/hosts/local/daemon";
import { engineMissingCapabilities } from "../../components/local-engine/capabilities";
import { createNetwork } from "../../components/network";
import { createShare } from "../../components/share";
import { localEnvironment, localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { keyedOf } from "../swarm-of-hosts";

const COMMAND = "command:remote:Command";
const CONTAINER = "docker:index/container:Container";
const IMAGE = "docker:index/remoteImage:RemoteImage";
const KEY = "swarm:index:Key";
const VOLUME = "docker:index/volume:Volume";

async function makeHosts(recorder: Recorder, environment: Environment) {
  const network = await createNetwork(environment, recorder.opts);
  const share = await createShare(environment, { network }, recorder.opts);
  const makers = await createHosts(environment, { network, share }, recorder.opts);
  return makers.map((maker) => maker.make());
}

test("each host is a container with its own volume and host key, all log in with one key", async () => {
  const recorder = new Recorder({ stack: "one" });
  const environment = localEnvironment("one");
  const hosts = await makeHosts(recorder, environment);
  await recorder.settle();

  expect(recorder.list().filter((line) => line.includes("one-db"))).toEqual([
    `${COMMAND} one-db-ready`,
    `${CONTAINER} one-db-container`,
    `${VOLUME} one-db-data`,
    "swarm:hosts:Local one-db",
    `${KEY} one-db-host-key`,
  ]);
  expect(recorder.list().filter((line) => line.startsWith(KEY))).toHaveLength(3);
  const [db] = hosts;
  if (db?.lifetime.kind !== "stack") throw new Error("it goes with the stack");
  // The data of its Docker engine, not its container: recreated on that data, it is the same node.
  expect(await resolved(db.lifetime.resource.urn)).toMatch(/::one-db-data$/);
  expect(db.lifetime).not.toHaveProperty("incarnation");
  expect(await resolved(db.privateAddress)).toBe("10.64.1.6");
  expect(await resolved(keyedOf(db).port)).toBe(20006);
  expect(await resolved(db.publishedAt(8080))).toBe("127.0.0.1:8080");
  expect(await resolved(keyedOf(db).hostKey)).toBe("ssh-ed25519 one-db-host-key");
});

test("the container has what a Docker engine needs and no more, and stays the same node", async () => {
  const recorder = new Recorder({ stack: "one" });
  const environment = localEnvironment("one");
  await makeHosts(recorder, environment);
  await recorder.settle();

  const inputs = recorder.inputs(CONTAINER, "one-db-container");
  expect(inputs).toEqual({
    name: "swarmyard-one-one-db",
    hostname: "one-db",
    image: "sha256:node-image-debian-13",
    capabilities: { adds: ["ALL"], drops: engineMissingCapabilities() },
    securityOpts: ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"],
    init: true,
    networkMode: "bridge",
    networksAdvanced: [
      {
        name: "swarmyard-one",
        ipv4Address: "10.64.1.6",
        aliases: ["nodes"],
      },
    ],
    ports: [
      {
        internal: 22,
        external: 20006,
        ip: "127.0.0.1",
        protocol: "tcp",
      },
    ],
    mounts: [
      { type: "volume", source: "swarmyard-one-one-db", target: "/var/lib/docker" },
      { type: "volume", source: "swarmyard-one-share", target: "/mnt/share" },
    ],
    uploads: [
      {
        file: "/etc/docker/daemon.json",
        content: daemonConfig(environment, localHost("one-db")),
      },
      {
        file: "/etc/swarmyard/authorized_keys",
        content: "ssh-ed25519 operator\n",
        permissions: "0600",
      },
      {
        file: "/etc/swarmyard/host_key",
        content: "private one-db-host-key",
        permissions: "0600",
      },
    ],
    labels: [
      { label: "swarmyard.kind", value: "node" },
      { label: "swarmyard.stack", value: "swarmyard/one" },
    ],
    logDriver: "json-file",
    logOpts: { "max-file": "2", "max-size": "10m" },
    restart: "unless-stopped",
    stopTimeout: 30,
    mustRun: false,
  });
  const { opts } = recorder.declaration(CONTAINER, "one-db-container");
  expect(opts.ignoreChanges).toEqual(["securityOpts"]);
  expect(opts.deleteBeforeReplace).toBe(true);
  expect(recorder.secrets(CONTAINER, "one-db-container")).toEqual(["uploads"]);
});

test("a host is ready when its Docker engine answers, checked again for another container", async () => {
  const recorder = new Recorder();
  await makeHosts(recorder, localEnvironment("one"));
  await recorder.settle();
  const inputs = recorder.inputs(COMMAND, "one-db-ready");
  expect(inputs.create).toContain("docker info");
  expect(inputs.update).toBe(inputs.create);
  expect(inputs.stdin).toBe("one-db-container-id");
  expect(inputs).not.toHaveProperty("delete");
  expect(inputs.connection).toMatchObject({ dialErrorLimit: 70, privateKey: "private operator" });
});

test("hosts need a network of their kind", async () => {
  const recorder = new Recorder();
  const environment = localEnvironment("one");
  await expect(createHosts(environment, { network: {} }, recorder.opts)).rejects.toThrow(
    "hosts of kind local need a network of that kind",
  );
});

test("adding a host changes nothing about the others", async () => {
  const few = new Recorder();
  await makeHosts(few, localEnvironment("one"));
  await few.settle();
  const many = new Recorder();
  const hosts = ["one-new", "one-db", "one-app"].map((name) => localHost(name));
  await makeHosts(many, localEnvironment("one", { hosts }));
  await many.settle();
  for (const name of ["one-db", "one-app"]) {
    expect(many.inputs(CONTAINER, `${name}-container`)).toEqual(
      few.inputs(CONTAINER, `${name}-container`),
    );
  }
});

test("hosts of different generations have different images; that of Debian 12 keeps its name", async () => {
  const recorder = new Recorder();
  const hosts = [localHost("one-db", { engine: "debian-12" }), localHost("one-app")];
  await makeHosts(recorder, localEnvironment("one", { hosts }));
  await recorder.settle();
  expect(recorder.list().filter((line) => line.startsWith(IMAGE))).toEqual([
    `${IMAGE} node-image`,
    `${IMAGE} node-image-debian-13`,
  ]);
  const image = (name: string) => recorder.inputs(CONTAINER, `${name}-container`).image;
  expect([image("one-db"), image("one-app")]).toEqual([
    "sha256:node-image",
    "sha256:node-image-debian-13",
  ]);
  expect(recorder.inputs(IMAGE, "node-image").build).toEqual({
    context: "components/hosts/local/image",
    dockerfile: "Dockerfile",
    labels: { "swarmyard.image": "node-image" },
    useLegacyBuilder: true,
  });
  expect(recorder.inputs(IMAGE, "node-image-debian-13").build).toMatchObject({
    context: "components/hosts/local",
    buildArgs: { base: "debian:13-slim" },
  });
});

test("without a share only the Docker engine's volume is mounted", async () => {
  const recorder = new Recorder();
  const share = { kind: "none" } as const;
  await makeHosts(recorder, localEnvironment("one", { share }));
  await recorder.settle();
  expect(recorder.inputs(CONTAINER, "one-db-container").mounts).toHaveLength(1);
});

test("a protected environment's machine is its volume, and the share", async () => {
  for (const isProtected of [true, undefined]) {
    const recorder = new Recorder({ stack: "one" });
    await makeHosts(recorder, localEnvironment("one", isProtected ? { protected: true } : {}));
    await recorder.settle();
    const of = (type: string, name: string) => recorder.declaration(type, name).opts.protect;
    expect([of(VOLUME, "one-db-data"), of(VOLUME, "share-volume")]).toEqual([
      isProtected,
      isProtected,
    ]);
    // It is replaced when its image changes.
    expect(of(CONTAINER, "one-db-container")).toBeUndefined();
  }
});
